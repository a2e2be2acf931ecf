import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  RequestMethod,
  type Type,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { JsonBodyMiddleware } from '../http/requests/json-body.middleware.js';
import { AdmissionMiddleware } from './admission.middleware.js';
import { BatchBodyMiddleware } from './batch-body.middleware.js';
import type { ContractDtos } from './contract-dtos.js';
import { ModelErrorFilter } from './model-error.filter.js';
import { BATCH_PATH, PREDICT_PATH, predictionController } from './prediction.controller.js';
import { PredictionMetrics } from './prediction.metrics.js';
import { PredictionService } from './prediction.service.js';
import { ScoredRowsFeed } from './scored-rows-feed.js';
import { CUSTOMER_PIPE } from './validation/validation.pipe.js';

const CONTROLLER = Symbol('CONTROLLER');

/** The churn API: from customers to scores. */
@Module({})
export class PredictionModule implements NestModule {
  /** @param limitBytes of a body */
  static forContract(dtos: ContractDtos, limitBytes: number): DynamicModule {
    const controller = predictionController(dtos, limitBytes);
    return {
      module: PredictionModule,
      global: true,
      controllers: [controller],
      providers: [
        { provide: CONTROLLER, useValue: controller },
        { provide: CUSTOMER_PIPE, useValue: dtos.customerPipe },
        { provide: APP_FILTER, useClass: ModelErrorFilter },
        PredictionMetrics,
        PredictionService,
        ScoredRowsFeed,
      ],
      exports: [CUSTOMER_PIPE, PredictionMetrics, ScoredRowsFeed],
    };
  }

  constructor(@Inject(CONTROLLER) private readonly controller: Type) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AdmissionMiddleware).forRoutes(this.controller);
    consumer.apply(JsonBodyMiddleware).forRoutes({ path: PREDICT_PATH, method: RequestMethod.POST });
    consumer
      .apply(BatchBodyMiddleware)
      .forRoutes({ path: `${PREDICT_PATH}/${BATCH_PATH}`, method: RequestMethod.POST });
  }
}
