import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { JsonBodyMiddleware } from '../http/requests/json-body.middleware.js';
import type { ContractDtos } from '../prediction/contract-dtos.js';
import { ExplanationAdmissionMiddleware } from './explanation-admission.middleware.js';
import { explanationController } from './explanation.controller.js';
import { ExplanationMetrics } from './explanation.metrics.js';
import { ExplanationService } from './explanation.service.js';

const CONTROLLER = Symbol('CONTROLLER');

/** Why a customer gets its score. */
@Module({})
export class ExplanationModule implements NestModule {
  /** @param limitBytes of a body */
  static forContract(dtos: ContractDtos, limitBytes: number): DynamicModule {
    const controller = explanationController(dtos, limitBytes);
    return {
      module: ExplanationModule,
      global: true,
      controllers: [controller],
      providers: [{ provide: CONTROLLER, useValue: controller }, ExplanationMetrics, ExplanationService],
      exports: [ExplanationService],
    };
  }

  constructor(@Inject(CONTROLLER) private readonly controller: Type) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(ExplanationAdmissionMiddleware, JsonBodyMiddleware).forRoutes(this.controller);
  }
}
