import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ModelHealthIndicator } from './model.health.js';
import { ModelMetrics } from './model.metrics.js';
import { MODEL_FEATURES, ModelService } from './model.service.js';

/** The one model of the process. */
@Module({})
export class ModelModule {
  /** @param features names of the features that the application can give to a model */
  static forFeatures(features: readonly string[]): DynamicModule {
    return {
      module: ModelModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      providers: [
        { provide: MODEL_FEATURES, useValue: features },
        ModelMetrics,
        ModelService,
        ModelHealthIndicator,
      ],
      exports: [ModelService, ModelHealthIndicator],
    };
  }
}
