import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { RISK_TIERS, type RiskTier } from '../risk-tier.js';
import type { DtoClass } from '../validation/dto-fields.js';

/** The score of one customer. */
export interface Prediction {
  readonly churn_probability: number;
  readonly churn_prediction: boolean;
  readonly risk_tier: RiskTier;
  readonly model_version: string;
}

/**
 * Makes the class that documents a prediction.
 *
 * @param example of the documented customer, if its probability is known
 */
export function predictionDto(example: Prediction | undefined): DtoClass {
  const exampleOf = (field: keyof Prediction): { example?: Prediction[keyof Prediction] } =>
    example === undefined ? {} : { example: example[field] };

  @ApiSchema({ name: 'Prediction', description: 'The score of one customer.' })
  class PredictionDto implements Prediction {
    @ApiProperty({
      description: 'Probability that the customer churns, rounded to 4 decimals.',
      minimum: 0,
      maximum: 1,
      ...exampleOf('churn_probability'),
    })
    readonly churn_probability!: number;

    @ApiProperty({
      description: "Whether the unrounded probability is at or above the model's decision threshold.",
      ...exampleOf('churn_prediction'),
    })
    readonly churn_prediction!: boolean;

    @ApiProperty({
      description: "Tier of the unrounded probability by the model's thresholds.",
      enum: RISK_TIERS,
      ...exampleOf('risk_tier'),
    })
    readonly risk_tier!: RiskTier;

    @ApiProperty({ description: 'Version of the model that answered.', ...exampleOf('model_version') })
    readonly model_version!: string;
  }
  return PredictionDto;
}
