import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'AcceptedDifferences', description: 'What a person accepted at the export.' })
export class AcceptedDifferencesDto {
  @ApiProperty({ description: 'Greatest share of differing rows.', minimum: 0, maximum: 1 })
  readonly share!: number;

  @ApiProperty({ description: 'Why they may differ.' })
  readonly reason!: string;
}

@ApiSchema({
  name: 'ModelComparison',
  description:
    'How far the graph was from the trained model at the export, on reference rows and on others that the data could have.',
})
export class ModelComparisonDto {
  @ApiProperty({
    description: 'Number of rows that were compared.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly rows!: number;

  @ApiProperty({
    description: 'Rows that differ by more than the tolerance.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly differing_rows!: number;

  @ApiProperty({ description: 'Greatest absolute difference of a probability.', minimum: 0, maximum: 1 })
  readonly worst_difference!: number;

  @ApiProperty({
    description: 'Differing rows on which the graph decides otherwise than the trained model.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly flipped_decisions!: number;

  @ApiProperty({
    description: 'Absent if no row may differ.',
    type: AcceptedDifferencesDto,
    required: false,
  })
  readonly accepted?: AcceptedDifferencesDto;
}
