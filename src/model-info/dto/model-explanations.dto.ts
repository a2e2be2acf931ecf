import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ModelExplanations', description: 'What scores are explained with.' })
export class ModelExplanationsDto {
  @ApiProperty({
    description: 'Rows of the training side against which customers are explained.',
    type: 'integer',
    minimum: 1,
    maximum: 128,
  })
  readonly background_rows!: number;

  @ApiProperty({ description: 'Mean probability of these rows.', minimum: 0, maximum: 1 })
  readonly base_probability!: number;

  @ApiProperty({
    description:
      'Explanations of the training side to which those of the service were compared at the start.',
    type: 'integer',
    minimum: 1,
    maximum: 16,
  })
  readonly golden_explanations!: number;
}
