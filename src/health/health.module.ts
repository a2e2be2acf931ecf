import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ConnectionModule } from '../common/connection/connection.module.js';
import { HealthController } from './health.controller.js';

/** What probes and people ask: does it live, is the model ready, since when. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false }), ConnectionModule],
  controllers: [HealthController],
})
export class HealthModule {}
