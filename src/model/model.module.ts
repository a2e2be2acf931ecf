import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { ModelBundle } from '../bundle/model-bundle.js';
import { ModelHealthIndicator } from './model.health.js';
import { ModelMetrics } from './model.metrics.js';
import { MODEL_BUNDLE, ModelService } from './model.service.js';

/** The one model of the process. */
@Module({})
export class ModelModule {
  static forBundle(bundle: ModelBundle): DynamicModule {
    return {
      module: ModelModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      providers: [
        { provide: MODEL_BUNDLE, useValue: bundle },
        ModelMetrics,
        ModelService,
        ModelHealthIndicator,
      ],
      exports: [MODEL_BUNDLE, ModelService, ModelHealthIndicator],
    };
  }
}
