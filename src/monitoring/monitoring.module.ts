import { type DynamicModule, Module } from '@nestjs/common';
import { CountsOverTime } from './counts-over-time.js';
import { DriftController } from './drift.controller.js';
import { DriftMetrics } from './drift.metrics.js';
import { DriftService } from './drift.service.js';

/** Whether the world is still such as in training. */
@Module({})
export class MonitoringModule {
  /** @param counts of all processes */
  static forCounts(counts: CountsOverTime): DynamicModule {
    return {
      module: MonitoringModule,
      controllers: [DriftController],
      providers: [DriftMetrics, DriftService, { provide: CountsOverTime, useValue: counts }],
    };
  }
}
