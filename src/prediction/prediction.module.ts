import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { JsonBodyMiddleware } from '../common/request/json-body.middleware.js';
import { AdmissionMiddleware } from './admission.middleware.js';
import { PredictionController } from './prediction.controller.js';
import { PredictionService } from './prediction.service.js';

/** The churn API: from customers to scores. */
@Module({
  controllers: [PredictionController],
  providers: [PredictionService],
})
export class PredictionModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AdmissionMiddleware, JsonBodyMiddleware).forRoutes(PredictionController);
  }
}
