import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { DtoClass } from '../validation/dto-fields.js';
import { MAX_BATCH_CUSTOMERS } from './customer-batch.dto.js';
import type { Prediction } from './prediction.dto.js';

/** The scores of a batch. */
export interface BatchPrediction {
  readonly predictions: readonly Prediction[];
  readonly batch_size: number;
  readonly latency_ms: number;
}

/**
 * Makes the class that documents the predictions of a batch.
 *
 * @param examples of the documented customers, or none if the probability of any is not known
 */
export function batchPredictionDto(prediction: DtoClass, examples: readonly Prediction[]): DtoClass {
  @ApiSchema({ name: 'BatchPrediction', description: 'The scores of a batch.' })
  class BatchPredictionDto implements BatchPrediction {
    @ApiProperty({
      description: 'One prediction for each customer, in the order of the request.',
      type: [prediction],
      minItems: 1,
      maxItems: MAX_BATCH_CUSTOMERS,
      ...(examples.length > 0 && { example: examples }),
    })
    readonly predictions!: readonly Prediction[];

    @ApiProperty({
      description: 'Number of predictions.',
      type: 'integer',
      minimum: 1,
      maximum: MAX_BATCH_CUSTOMERS,
      example: examples.length || 1,
    })
    readonly batch_size!: number;

    @ApiProperty({
      description: 'Time for encoding the customers and the forward pass, in milliseconds with 2 decimals.',
      minimum: 0,
      example: 1.84,
    })
    readonly latency_ms!: number;
  }
  return BatchPredictionDto;
}
