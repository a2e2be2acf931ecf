import { ApiProperty } from '@nestjs/swagger';
import { MAX_BATCH_CUSTOMERS } from './customer-batch.dto.js';
import { PredictionDto } from './prediction.dto.js';

export class BatchPredictionDto {
  @ApiProperty({
    description: 'One prediction for each customer, in the order of the request.',
    type: [PredictionDto],
    minItems: 1,
    maxItems: MAX_BATCH_CUSTOMERS,
  })
  readonly predictions!: PredictionDto[];

  @ApiProperty({
    description: 'Number of predictions.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_BATCH_CUSTOMERS,
    example: 1,
  })
  readonly batch_size!: number;

  @ApiProperty({
    description: 'Time for encoding the customers and the forward pass, in milliseconds with 2 decimals.',
    minimum: 0,
    example: 1.84,
  })
  readonly latency_ms!: number;
}
