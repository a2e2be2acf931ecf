import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BODY_LIMIT_BYTES, JsonBodyMiddleware } from '../http/requests/json-body.middleware.js';
import { currentRequest } from '../http/requests/request-context.js';
import { ModelService } from '../model/model.service.js';
import { BatchReader } from './validation/batch-reader.js';
import { PredictionMetrics } from './prediction.metrics.js';

/** Reads the body of a batch as an `AcceptedBatch`, or as JSON if its reader does not take it. */
@Injectable()
export class BatchBodyMiddleware extends JsonBodyMiddleware implements OnApplicationBootstrap {
  private reader: BatchReader | undefined;

  constructor(
    @Inject(BODY_LIMIT_BYTES) limitBytes: number,
    private readonly model: ModelService,
    private readonly metrics: PredictionMetrics,
  ) {
    super(limitBytes);
  }

  onApplicationBootstrap(): void {
    const { contract, layout } = this.model.loaded;
    this.reader = BatchReader.of(contract.features, layout);
  }

  protected override parse(bytes: Buffer): unknown {
    const startedAtMs = performance.now();
    const batch = this.reader?.read(bytes);
    if (batch === undefined) {
      return super.parse(bytes);
    }
    const endedAtMs = performance.now();
    this.metrics.encoded(endedAtMs - startedAtMs);
    currentRequest()?.trace?.record('validation', startedAtMs, endedAtMs);
    return batch;
  }
}
