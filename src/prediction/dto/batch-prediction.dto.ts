import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MAX_BATCH_CUSTOMERS } from './customer-batch.dto.js';
import { PredictionDto } from './prediction.dto.js';

@ApiSchema({ name: 'BatchPrediction', description: 'The scores of a batch.' })
export class BatchPredictionDto {
  @ApiProperty({
    description: 'One prediction for each customer, in the order of the request.',
    type: [PredictionDto],
    minItems: 1,
    maxItems: MAX_BATCH_CUSTOMERS,
    example: [
      { churn_probability: 0.8889, churn_prediction: true, risk_tier: 'HIGH', model_version: '1.0.0' },
      { churn_probability: 0.0309, churn_prediction: false, risk_tier: 'LOW', model_version: '1.0.0' },
    ],
  })
  readonly predictions!: PredictionDto[];

  @ApiProperty({
    description: 'Number of predictions.',
    type: 'integer',
    minimum: 1,
    maximum: MAX_BATCH_CUSTOMERS,
    example: 2,
  })
  readonly batch_size!: number;

  @ApiProperty({
    description: 'Time for encoding the customers and the forward pass, in milliseconds with 2 decimals.',
    minimum: 0,
    example: 1.84,
  })
  readonly latency_ms!: number;
}
