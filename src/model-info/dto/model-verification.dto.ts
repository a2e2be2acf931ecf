import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({
  name: 'ModelVerification',
  description:
    'What the start of the service proved of the model, on inputs whose probabilities the training computed.',
})
export class ModelVerificationDto {
  @ApiProperty({
    description:
      'Whether the model is proven to answer as it did in training. If not, its manifest has no golden rows.',
  })
  readonly verified!: boolean;

  @ApiProperty({
    description: 'Number of inputs that were compared.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    required: false,
  })
  readonly golden_rows?: number;

  @ApiProperty({
    description: 'How many of these were asked alone too. All were asked in one batch.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    required: false,
  })
  readonly rows_alone?: number;

  @ApiProperty({
    description: 'Greatest absolute difference between a probability and that of the training.',
    minimum: 0,
    maximum: 1,
    required: false,
  })
  readonly worst_difference?: number;

  @ApiProperty({
    description: 'Greatest difference with which the model would have been served.',
    minimum: 0,
    maximum: 0.01,
    required: false,
  })
  readonly tolerance?: number;

  @ApiProperty({
    description: 'Why the tolerance is not the default. Absent if it is.',
    required: false,
  })
  readonly tolerance_reason?: string;
}
