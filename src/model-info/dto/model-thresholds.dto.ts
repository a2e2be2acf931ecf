import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ModelThresholds', description: 'Least unrounded probability for each decision.' })
export class ModelThresholdsDto {
  @ApiProperty({
    description: 'From here on churn is predicted.',
    minimum: 0,
    maximum: 1,
  })
  readonly decision!: number;

  @ApiProperty({
    description: 'From here on the risk tier is MEDIUM, below it LOW.',
    minimum: 0,
    maximum: 1,
  })
  readonly medium!: number;

  @ApiProperty({ description: 'From here on the risk tier is HIGH.', minimum: 0, maximum: 1 })
  readonly high!: number;
}
