import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { FeatureValue } from '../../bundle/feature.js';
import type { Prediction } from '../../prediction/dto/prediction.dto.js';
import type { DtoClass } from '../../prediction/validation/dto-fields.js';

export const MAX_EXPLAINED_CUSTOMERS = 10;

export interface FeatureContribution {
  readonly feature: string;
  readonly value: FeatureValue;
  readonly contribution: number;
  readonly standard_error?: number;
}

export interface OtherContributions {
  readonly features: number;
  readonly contribution: number;
}

/** A score and its reasons: base probability and contributions add up to the unrounded probability. */
export interface Explanation extends Prediction {
  readonly base_probability: number;
  readonly method: ExplanationMethodDto;
  readonly contributions: readonly FeatureContribution[];
  readonly others?: OtherContributions;
}

export interface ExplanationBatch {
  readonly explanations: readonly Explanation[];
  readonly batch_size: number;
  readonly latency_ms: number;
}

@ApiSchema({ name: 'ExplanationMethod', description: 'How the contributions were computed.' })
export class ExplanationMethodDto {
  @ApiProperty({
    description: 'exact over all coalitions of features, or an estimate from sampled ones.',
    enum: ['exact', 'sampled'],
  })
  readonly kind!: 'exact' | 'sampled';

  @ApiProperty({
    description: 'Rows of the training side against which the customer is explained.',
    type: 'integer',
    minimum: 1,
    maximum: 128,
  })
  readonly background_rows!: number;

  @ApiProperty({
    description: 'Rows that the model scored.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly model_evaluations!: number;
}

@ApiSchema({ name: 'Contribution', description: 'What the value of one feature adds to the probability.' })
class FeatureContributionDto implements FeatureContribution {
  @ApiProperty({ description: 'The field of the customer.' })
  readonly feature!: string;

  @ApiProperty({
    description: 'The value that was sent; null if it is missing.',
    anyOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'string', nullable: true }],
  })
  readonly value!: FeatureValue;

  @ApiProperty({
    description: 'Probability that this value adds, or takes away if it is negative.',
    minimum: -1,
    maximum: 1,
  })
  readonly contribution!: number;

  @ApiProperty({
    description: 'Standard error of the contribution, if it is an estimate.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly standard_error?: number;
}

@ApiSchema({ name: 'OtherContributions', description: 'The contributions that are not listed.' })
class OtherContributionsDto implements OtherContributions {
  @ApiProperty({
    description: 'How many they are.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly features!: number;

  @ApiProperty({ description: 'Their sum.', minimum: -1, maximum: 1 })
  readonly contribution!: number;
}

/** Makes the class that documents an explanation. */
export function explanationDto(prediction: DtoClass): DtoClass {
  @ApiSchema({ name: 'Explanation', description: 'The score of one customer, and its reasons.' })
  class ExplanationDto extends prediction {
    @ApiProperty({
      description:
        'Mean probability of the background rows: what is said of a customer of whom nothing is known.',
      minimum: 0,
      maximum: 1,
    })
    readonly base_probability!: number;

    @ApiProperty({ description: 'How the contributions were computed.', type: ExplanationMethodDto })
    readonly method!: ExplanationMethodDto;

    @ApiProperty({
      description:
        'One for each feature, the strongest first. With base_probability they add up to the unrounded probability.',
      type: [FeatureContributionDto],
    })
    readonly contributions!: readonly FeatureContributionDto[];

    @ApiProperty({
      description: 'With `top`: the contributions that are not listed.',
      type: OtherContributionsDto,
      required: false,
    })
    readonly others?: OtherContributionsDto;
  }
  return ExplanationDto;
}

/** Makes the class that documents the explanations of a batch. */
export function explanationBatchDto(explanation: DtoClass): DtoClass {
  @ApiSchema({ name: 'ExplanationBatch', description: 'The scores of several customers, and their reasons.' })
  class ExplanationBatchDto {
    @ApiProperty({
      description: 'One explanation for each customer, in the order of the request.',
      type: [explanation],
      minItems: 1,
      maxItems: MAX_EXPLAINED_CUSTOMERS,
    })
    readonly explanations!: readonly object[];

    @ApiProperty({
      description: 'Number of explanations.',
      type: 'integer',
      minimum: 1,
      maximum: MAX_EXPLAINED_CUSTOMERS,
    })
    readonly batch_size!: number;

    @ApiProperty({
      description: 'Time from valid customers to their reasons, in milliseconds with 2 decimals.',
      minimum: 0,
    })
    readonly latency_ms!: number;
  }
  return ExplanationBatchDto;
}
