import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Type,
} from '@nestjs/common';
import type { ModelBundle } from '../bundle/model-bundle.js';
import { AdmissionMiddleware } from '../prediction/admission.middleware.js';
import { HeldBytes } from './held-bytes.js';
import { InferenceService } from './inference.service.js';
import { INFER_BODY_LIMIT_BYTES, InferBodyMiddleware } from './rest/infer-body.middleware.js';
import { inferController } from './rest/infer.controller.js';
import { modelController } from './rest/model.controller.js';
import { ServerController } from './rest/server.controller.js';
import { Readiness } from './readiness.js';
import { modelMetadata, SERVED_MODEL } from './served-model.js';

const INFER_CONTROLLER = Symbol('INFER_CONTROLLER');

/** The Open Inference Protocol: from tensors to scores. */
@Module({})
export class InferenceProtocolModule implements NestModule {
  /** @param limitBytes of a body */
  static forBundle(
    bundle: Pick<ModelBundle, 'name' | 'version' | 'contract'>,
    limitBytes: number,
  ): DynamicModule {
    const served = modelMetadata(bundle);
    const controller = inferController(served, { contract: bundle.contract, limitBytes });
    return {
      module: InferenceProtocolModule,
      // gRPC has the same.
      global: true,
      controllers: [ServerController, modelController(served), controller],
      providers: [
        { provide: INFER_CONTROLLER, useValue: controller },
        { provide: INFER_BODY_LIMIT_BYTES, useValue: limitBytes },
        { provide: SERVED_MODEL, useValue: served },
        HeldBytes,
        InferenceService,
        Readiness,
      ],
      exports: [INFER_BODY_LIMIT_BYTES, SERVED_MODEL, HeldBytes, InferenceService, Readiness],
    };
  }

  constructor(@Inject(INFER_CONTROLLER) private readonly controller: Type) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AdmissionMiddleware, InferBodyMiddleware).forRoutes(this.controller);
  }
}
