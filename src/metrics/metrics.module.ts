import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { HttpMetrics } from './http.metrics.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsReport } from './metrics-report.js';
import { ModelMetrics } from './model.metrics.js';
import { PredictionMetrics } from './prediction.metrics.js';

export interface MetricsOptions {
  /** What this process counts. */
  readonly registry: Registry;
  readonly report: MetricsReport;
  readonly isServed: boolean;
}

/** Lets every room count what it does, and Prometheus ask for it. */
@Module({})
export class MetricsModule {
  static forRoot({ registry, report, isServed }: MetricsOptions): DynamicModule {
    const metrics = [HttpMetrics, ModelMetrics, PredictionMetrics];
    return {
      module: MetricsModule,
      global: true,
      controllers: isServed ? [MetricsController] : [],
      providers: [
        { provide: Registry, useValue: registry },
        { provide: MetricsReport, useValue: report },
        ...metrics,
      ],
      exports: metrics,
    };
  }
}
