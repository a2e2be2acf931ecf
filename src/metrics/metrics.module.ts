import { type DynamicModule, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { MetricsController } from './metrics.controller.js';
import { MetricsReport } from './metrics-report.js';

export interface MetricsOptions {
  /** The metrics of this process. */
  readonly registry: Registry;
  readonly report: MetricsReport;
  readonly isServed: boolean;
}

/** Gives every room the registry for its metrics, and Prometheus an endpoint. */
@Module({})
export class MetricsModule {
  static forRoot({ registry, report, isServed }: MetricsOptions): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: isServed ? [MetricsController] : [],
      providers: [
        { provide: Registry, useValue: registry },
        { provide: MetricsReport, useValue: report },
      ],
      exports: [Registry, MetricsReport],
    };
  }
}
