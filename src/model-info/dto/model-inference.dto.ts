import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ModelInference', description: 'How the process that answered runs forward passes.' })
export class ModelInferenceDto {
  @ApiProperty({
    description: 'What computes them, by the name that onnxruntime has for it.',
  })
  readonly execution_provider!: string;

  @ApiProperty({
    description: 'Threads that run them; 0 if the event loop does.',
    type: 'integer',
    minimum: 0,
    maximum: 64,
  })
  readonly threads!: number;

  @ApiProperty({
    description: 'Most rows of one pass, which requests that wait at the same time share.',
    type: 'integer',
    minimum: 100,
    maximum: 4096,
  })
  readonly max_batch_rows!: number;
}
