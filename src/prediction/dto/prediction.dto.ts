import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { RISK_TIERS, type RiskTier } from '../risk-tier.js';

@ApiSchema({ name: 'Prediction', description: 'The score of one customer.' })
export class PredictionDto {
  @ApiProperty({
    description: 'Probability that the customer churns, rounded to 4 decimals.',
    minimum: 0,
    maximum: 1,
    example: 0.8889,
  })
  readonly churn_probability!: number;

  @ApiProperty({
    description: "Whether the unrounded probability is at or above the model's decision threshold.",
    example: true,
  })
  readonly churn_prediction!: boolean;

  @ApiProperty({
    description: "Tier of the unrounded probability by the model's thresholds.",
    enum: RISK_TIERS,
    example: 'HIGH',
  })
  readonly risk_tier!: RiskTier;

  @ApiProperty({ description: 'Version of the model that answered.', example: '1.0.0' })
  readonly model_version!: string;
}
