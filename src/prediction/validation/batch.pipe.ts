import { AcceptedBatch } from './batch-reader.js';
import { ValidationPipe } from './validation.pipe.js';

/** Lets through what the reader of batches has accepted, and validates all other bodies. */
export class BatchPipe extends ValidationPipe {
  override transform(body: unknown): unknown {
    return body instanceof AcceptedBatch ? body : super.transform(body);
  }
}
