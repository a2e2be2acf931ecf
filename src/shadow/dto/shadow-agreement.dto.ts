import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ShadowCandidateDto } from './shadow-candidate.dto.js';

const COUNT = { type: 'integer', minimum: 0 } as const;

@ApiSchema({ name: 'ShadowRows', description: 'What became of the rows that the candidate was to score.' })
export class ShadowRowsDto {
  @ApiProperty({ ...COUNT, description: 'Scored by both models.' })
  readonly compared!: number;

  @ApiProperty({ ...COUNT, description: 'Not scored by the candidate, because there was no time.' })
  readonly dropped!: number;

  @ApiProperty({
    ...COUNT,
    description: 'Rows for which the candidate failed, stalled or gave no probability.',
  })
  readonly failed!: number;
}

@ApiSchema({ name: 'ShadowLabelFlips', description: 'Predictions that the candidate would change.' })
export class ShadowLabelFlipsDto {
  @ApiProperty({ ...COUNT, description: 'From no churn to churn.' })
  readonly to_churn!: number;

  @ApiProperty({ ...COUNT, description: 'From churn to no churn.' })
  readonly to_no_churn!: number;
}

@ApiSchema({ name: 'ShadowTierMoves', description: 'Risk tiers that the candidate would change.' })
export class ShadowTierMovesDto {
  @ApiProperty({ ...COUNT, description: 'To a higher tier.' })
  readonly up!: number;

  @ApiProperty({ ...COUNT, description: 'To a lower tier.' })
  readonly down!: number;
}

@ApiSchema({ name: 'ShadowDifferences', description: 'How far the probabilities of both models are apart.' })
export class ShadowDifferencesDto {
  @ApiProperty({
    description: 'Greatest absolute difference of each bin but the last, which has no bound.',
    type: [Number],
  })
  readonly upper_bounds!: readonly number[];

  @ApiProperty({ description: 'Number of rows in each bin.', type: 'array', items: COUNT })
  readonly counts!: readonly number[];
}

@ApiSchema({
  name: 'ShadowAgreement',
  description: 'How a candidate agrees with the served model, since the start.',
})
export class ShadowAgreementDto {
  @ApiProperty({ description: 'The candidate.', type: ShadowCandidateDto })
  readonly candidate!: ShadowCandidateDto;

  @ApiProperty({ description: 'The rows, of all workers.', type: ShadowRowsDto })
  readonly rows!: ShadowRowsDto;

  @ApiProperty({
    description: 'Mean absolute difference of the probabilities. Absent before a row is compared.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly mean_difference?: number;

  @ApiProperty({
    description: 'Share of the compared rows with the same prediction. Absent before a row is compared.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly same_prediction_ratio?: number;

  @ApiProperty({ description: 'Predictions that differ.', type: ShadowLabelFlipsDto })
  readonly label_flips!: ShadowLabelFlipsDto;

  @ApiProperty({ description: 'Risk tiers that differ.', type: ShadowTierMovesDto })
  readonly tier_moves!: ShadowTierMovesDto;

  @ApiProperty({ description: 'The absolute differences.', type: ShadowDifferencesDto })
  readonly differences!: ShadowDifferencesDto;
}
