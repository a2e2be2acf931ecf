import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { JsonBodyMiddleware } from '../http/requests/json-body.middleware.js';
import { APP_FILTER, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { AdmissionMiddleware } from './admission.middleware.js';
import { ModelErrorFilter } from './model-error.filter.js';
import { PredictionController } from './prediction.controller.js';
import { PredictionMetrics } from './prediction.metrics.js';
import { PredictionService } from './prediction.service.js';
import { BodyTypes } from './validation/body-types.js';
import { ValidationPipe } from './validation/validation.pipe.js';

/** The churn API: from customers to scores. */
@Module({
  imports: [DiscoveryModule],
  controllers: [PredictionController],
  providers: [
    BodyTypes,
    {
      provide: APP_PIPE,
      inject: [BodyTypes],
      useFactory: (bodyTypes: BodyTypes) => new ValidationPipe(bodyTypes.find()),
    },
    { provide: APP_FILTER, useClass: ModelErrorFilter },
    PredictionMetrics,
    PredictionService,
  ],
})
export class PredictionModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AdmissionMiddleware, JsonBodyMiddleware).forRoutes(PredictionController);
  }
}
