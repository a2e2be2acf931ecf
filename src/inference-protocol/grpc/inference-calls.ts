import { Inject, Injectable } from '@nestjs/common';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { freeBytes } from '../../model/free-bytes.js';
import { ModelService } from '../../model/model.service.js';
import { InferenceService } from '../inference.service.js';
import { Readiness } from '../readiness.js';
import { type ModelMetadata, requireServed, SERVED_MODEL } from '../served-model.js';
import { SERVER } from '../served-server.js';
import { inputTensors } from './infer-inputs.js';
import type { InferMessage } from './infer-message.js';
import { inferResponse } from './infer-response.js';
import { unaryCall } from './unary-call.js';

interface ModelRequest {
  readonly name: string;
  /** Empty for the served one. */
  readonly version: string;
}

/** Answers the calls of the Open Inference Protocol. */
@Injectable()
export class InferenceCalls {
  constructor(
    private readonly inference: InferenceService,
    private readonly readiness: Readiness,
    private readonly model: ModelService,
    @Inject(SERVED_MODEL) private readonly served: ModelMetadata,
  ) {}

  get implementation(): UntypedServiceImplementation {
    return {
      ServerLive: unaryCall(() => ({ live: this.readiness.isLive })),
      ServerReady: unaryCall(() => ({ ready: this.readiness.obstacle === undefined })),
      ServerMetadata: unaryCall(() => SERVER),
      ModelReady: unaryCall(({ name, version }: ModelRequest) => {
        this.require(name, version);
        return { ready: this.model.status === 'ready' };
      }),
      ModelMetadata: unaryCall(({ name, version }: ModelRequest) => {
        this.require(name, version);
        return this.served;
      }),
      ModelInfer: unaryCall((message: InferMessage) => this.infer(message)),
    };
  }

  private async infer(message: InferMessage): Promise<object> {
    this.require(message.modelName, message.modelVersion);
    const inputs = inputTensors(message);
    freeMessage(message.bytes);
    const outputs = await this.inference.infer(inputs, message.outputs);
    return inferResponse(message, outputs, this.served);
  }

  private require(name: string, version: string): void {
    requireServed(this.served, name, version === '' ? undefined : version);
  }
}

/** Before a message stands its length, in memory that is its own if it is large. */
const PREFIX_BYTES = 5;

function freeMessage({ buffer, byteOffset, byteLength }: Buffer): void {
  if (byteOffset === PREFIX_BYTES && buffer.byteLength === PREFIX_BYTES + byteLength) {
    freeBytes(new Uint8Array(buffer));
  }
}
