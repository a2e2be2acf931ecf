import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { HistogramDto } from './histogram.dto.js';

@ApiSchema({ name: 'FeatureBounds', description: 'Which numbers the API takes.' })
export class FeatureBoundsDto {
  @ApiProperty({ description: 'Least value.' })
  readonly minimum!: number;

  @ApiProperty({ description: 'Greatest value.' })
  readonly maximum!: number;
}

@ApiSchema({ name: 'FeatureStatistics', description: 'Which values the model was trained on.' })
export class FeatureStatisticsDto {
  @ApiProperty({ description: 'Share of missing values.', minimum: 0, maximum: 1 })
  readonly missing_ratio!: number;

  @ApiProperty({ description: 'Least value of a number.', required: false })
  readonly minimum?: number;

  @ApiProperty({ description: 'Greatest value of a number.', required: false })
  readonly maximum?: number;

  @ApiProperty({ description: 'Arithmetic mean of a number.', required: false })
  readonly mean?: number;

  @ApiProperty({
    description: 'Quantiles of a number by their level.',
    type: 'object',
    additionalProperties: { type: 'number', description: 'One quantile.' },
    selfRequired: false,
  })
  readonly quantiles?: Readonly<Record<string, number>>;

  @ApiProperty({ description: 'The numbers in bins.', type: HistogramDto, required: false })
  readonly histogram?: HistogramDto;

  @ApiProperty({
    description: 'Rows by value, of a boolean or a category.',
    type: 'object',
    additionalProperties: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Rows with one value.',
    },
    selfRequired: false,
  })
  readonly counts?: Readonly<Record<string, number>>;
}

export const FEATURE_TYPES = ['integer', 'number', 'boolean', 'category'] as const;

@ApiSchema({ name: 'ModelFeature', description: 'One feature of the model, which is a field of a customer.' })
export class ModelFeatureDto {
  @ApiProperty({ description: 'Name of the field.' })
  readonly name!: string;

  @ApiProperty({ description: 'A category is sent as a string.', enum: FEATURE_TYPES })
  readonly type!: (typeof FEATURE_TYPES)[number];

  @ApiProperty({
    description: 'For people. Absent if the manifest states none.',
    required: false,
  })
  readonly description?: string;

  @ApiProperty({ description: 'Unit of a number, if the manifest states one.', required: false })
  readonly unit?: string;

  @ApiProperty({ description: 'Whether the value may be missing: null, or left out.' })
  readonly nullable!: boolean;

  @ApiProperty({
    description:
      'Which numbers the API takes. Where they reach beyond those of the training, the model extrapolates.',
    type: FeatureBoundsDto,
    required: false,
  })
  readonly bounds?: FeatureBoundsDto;

  @ApiProperty({
    description: 'The categories that the model knows.',
    type: [String],
    required: false,
    minItems: 1,
  })
  readonly categories?: readonly string[];

  @ApiProperty({
    description: 'Whether the API takes a category that the model does not know.',
    enum: ['refuse', 'accept'],
    required: false,
  })
  readonly unknown?: 'refuse' | 'accept';

  @ApiProperty({
    description: 'The value of the documented customer. Absent if it is missing.',
    oneOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'string' }],
    required: false,
  })
  readonly example?: number | boolean | string;

  @ApiProperty({
    description: 'Which values the model was trained on. Absent if the manifest states none.',
    type: FeatureStatisticsDto,
    required: false,
  })
  readonly statistics?: FeatureStatisticsDto;
}
