import { Global, Module } from '@nestjs/common';
import { ShadowController } from './shadow.controller.js';
import { ShadowMetrics } from './shadow.metrics.js';
import { ShadowService } from './shadow.service.js';

/** A candidate that scores beside the served model, and answers nobody. */
@Global()
@Module({
  controllers: [ShadowController],
  providers: [ShadowMetrics, ShadowService],
  exports: [ShadowService],
})
export class ShadowModule {}
