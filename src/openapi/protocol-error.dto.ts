import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({
  name: 'InferenceError',
  description: 'Why a request of the Open Inference Protocol was not served.',
})
export class ProtocolErrorDto {
  @ApiProperty({ description: 'What went wrong with this request.' })
  readonly error!: string;
}
