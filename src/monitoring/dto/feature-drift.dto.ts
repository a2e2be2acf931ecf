import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DriftDto } from './drift.dto.js';

@ApiSchema({
  name: 'FeatureDrift',
  description: 'How far the values of a feature are from those of the training.',
})
export class FeatureDriftDto extends DriftDto {
  @ApiProperty({ description: 'Name of the feature.' })
  readonly name!: string;

  @ApiProperty({
    description: 'Share of the rows whose value is missing. Absent if there are no rows.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly missing_ratio?: number;

  @ApiProperty({
    description:
      'Share of the rows with a category that the model does not know. Absent if there are no rows.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly unknown_ratio?: number;

  @ApiProperty({
    description:
      'Share of the rows with a number below the least or above the greatest of the training. Absent if there are no rows.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly out_of_range_ratio?: number;
}
