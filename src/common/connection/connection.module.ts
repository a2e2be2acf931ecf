import { Module } from '@nestjs/common';
import { ConnectionDrain } from './connection-drain.js';
import { ConnectionLimit } from './connection-limit.js';

/** What is known of the connections. */
@Module({ providers: [ConnectionDrain, ConnectionLimit], exports: [ConnectionDrain, ConnectionLimit] })
export class ConnectionModule {}
