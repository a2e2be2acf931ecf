import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { AdmissionMiddleware } from '../prediction/admission.middleware.js';
import type { DocumentedBundle } from './bulk-examples.js';
import { bulkController } from './bulk.controller.js';
import { BulkMetrics } from './bulk.metrics.js';
import { BulkService } from './bulk.service.js';
import { RowScorer } from './row-scorer.js';

const CONTROLLER = Symbol('CONTROLLER');

/** From files of customers to files of scores. */
@Module({})
export class BulkModule implements NestModule {
  static forBundle(bundle: DocumentedBundle): DynamicModule {
    const controller = bulkController(bundle);
    return {
      module: BulkModule,
      controllers: [controller],
      providers: [{ provide: CONTROLLER, useValue: controller }, BulkMetrics, BulkService, RowScorer],
    };
  }

  constructor(@Inject(CONTROLLER) private readonly controller: Type) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AdmissionMiddleware).forRoutes(this.controller);
  }
}
