import { Global, Module } from '@nestjs/common';
import { ShadowMetrics } from './shadow.metrics.js';
import { ShadowService } from './shadow.service.js';

/** A candidate that scores beside the served model, and answers nobody. */
@Global()
@Module({ providers: [ShadowMetrics, ShadowService], exports: [ShadowService] })
export class ShadowModule {}
