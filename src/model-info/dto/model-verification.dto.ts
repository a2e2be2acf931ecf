import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({
  name: 'ModelVerification',
  description:
    'What the start of the service proved of the model, on inputs whose probabilities the training computed.',
})
export class ModelVerificationDto {
  @ApiProperty({
    description:
      'Whether the model is proven to answer as it did in training. If not, it has no manifest, and all that a manifest states is absent.',
    example: true,
  })
  readonly verified!: boolean;

  @ApiProperty({
    description: 'Number of inputs that were compared.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    required: false,
    example: 96,
  })
  readonly golden_rows?: number;

  @ApiProperty({
    description: 'Greatest absolute difference between a probability and that of the training.',
    minimum: 0,
    maximum: 1,
    required: false,
    example: 1.01e-7,
  })
  readonly worst_difference?: number;

  @ApiProperty({
    description: 'Greatest difference with which the model would have been served.',
    minimum: 0,
    maximum: 0.01,
    required: false,
    example: 0.000_01,
  })
  readonly tolerance?: number;
}
