import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({
  name: 'CalibrationBin',
  description: 'Customers of known outcome whom the model gave about the same probability.',
})
export class CalibrationBinDto {
  @ApiProperty({ description: 'Mean of the probabilities.', minimum: 0, maximum: 1 })
  readonly mean_probability!: number;

  @ApiProperty({
    description: 'Share of the customers who churned. A well calibrated model has nearly the same mean.',
    minimum: 0,
    maximum: 1,
  })
  readonly churn_ratio!: number;

  @ApiProperty({
    description: 'Number of customers.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly rows!: number;
}
