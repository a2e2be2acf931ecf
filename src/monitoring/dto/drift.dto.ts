import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { type Verdict, VERDICTS } from '../verdict.js';
import { DriftBinDto } from './drift-bin.dto.js';

@ApiSchema({ name: 'Drift', description: 'How far live values are from those of the training.' })
export class DriftDto {
  @ApiProperty({
    description:
      '`stable`: PSI is below 0.1. `moderate`: it is from 0.1 to 0.25. `significant`: it is above 0.25. `too_few_rows`: chance alone explains PSI, or could hide a significant drift.',
    enum: VERDICTS,
  })
  readonly verdict!: Verdict;

  @ApiProperty({
    description: 'The population stability index against the training. Absent if there are no rows.',
    minimum: 0,
    required: false,
  })
  readonly psi?: number;

  @ApiProperty({
    description:
      'Chance alone explains a PSI up to here: without any drift, a report with one that is greater is one in a hundred. Absent if there are no rows.',
    minimum: 0,
    required: false,
  })
  readonly psi_by_chance?: number;

  @ApiProperty({
    description: 'The two histograms: of the training, and of the window.',
    type: [DriftBinDto],
    minItems: 1,
  })
  readonly bins!: readonly DriftBinDto[];
}
