import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { HistogramDto } from './histogram.dto.js';

@ApiSchema({ name: 'FeatureBounds', description: 'Which values the API takes.' })
export class FeatureBoundsDto {
  @ApiProperty({ description: 'Least value.', example: 1 })
  readonly minimum!: number;

  @ApiProperty({ description: 'Greatest value.', example: 10 })
  readonly maximum!: number;
}

@ApiSchema({ name: 'FeatureStatistics', description: 'Which values the model was trained on.' })
export class FeatureStatisticsDto {
  @ApiProperty({ description: 'Least value.', example: 1 })
  readonly minimum!: number;

  @ApiProperty({ description: 'Greatest value.', example: 7 })
  readonly maximum!: number;

  @ApiProperty({ description: 'Arithmetic mean.', example: 2.2566 })
  readonly mean!: number;

  @ApiProperty({
    description: 'Quantiles by their level.',
    type: 'object',
    additionalProperties: { type: 'number', description: 'One quantile.' },
    example: { '0.01': 1, '0.05': 1, '0.25': 1, '0.5': 2, '0.75': 3, '0.95': 4, '0.99': 5 },
  })
  readonly quantiles!: Readonly<Record<string, number>>;

  @ApiProperty({ description: 'The values in bins.', type: HistogramDto })
  readonly histogram!: HistogramDto;
}

@ApiSchema({ name: 'ModelFeature', description: 'One feature of the model, which is a field of a customer.' })
export class ModelFeatureDto {
  @ApiProperty({ description: 'Name of the field.', example: 'num_products' })
  readonly name!: string;

  @ApiProperty({ description: 'JSON type.', enum: ['integer', 'number'], example: 'integer' })
  readonly type!: 'integer' | 'number';

  @ApiProperty({
    description:
      'Which values the API takes. Where they reach beyond those of the training, the model extrapolates.',
    type: FeatureBoundsDto,
  })
  readonly bounds!: FeatureBoundsDto;

  @ApiProperty({
    description: 'Which values the model was trained on. Absent if the model is not verified.',
    type: FeatureStatisticsDto,
    required: false,
  })
  readonly statistics?: FeatureStatisticsDto;
}
