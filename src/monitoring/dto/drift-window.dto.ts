import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { WINDOW_NAMES, type WindowName } from '../windows.js';
import { DriftDto } from './drift.dto.js';
import { FeatureDriftDto } from './feature-drift.dto.js';

@ApiSchema({ name: 'DriftWindow', description: 'What was scored in some time, which ends now.' })
export class DriftWindowDto {
  @ApiProperty({ description: 'The time that was asked for.', enum: WINDOW_NAMES })
  readonly window!: WindowName;

  @ApiProperty({
    description:
      'The time that was counted: shorter if the service started later, and up to five minutes longer otherwise.',
    minimum: 0,
  })
  readonly covered_seconds!: number;

  @ApiProperty({
    description: 'Rows that were scored.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly rows!: number;

  @ApiProperty({ description: 'Features whose drift is moderate or significant.', type: [String] })
  readonly drifted_features!: readonly string[];

  @ApiProperty({
    description: 'The probabilities. Absent if the manifest does not state those of the training.',
    type: DriftDto,
    required: false,
  })
  readonly scores?: DriftDto;

  @ApiProperty({ description: 'The watched features, as in the contract.', type: [FeatureDriftDto] })
  readonly features!: readonly FeatureDriftDto[];
}
