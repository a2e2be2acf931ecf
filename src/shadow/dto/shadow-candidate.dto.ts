import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { CANDIDATE_STATES, type CandidateState } from '../candidate-process.js';

@ApiSchema({
  name: 'ShadowCandidate',
  description: 'A model that scores the same customers and answers nobody.',
})
export class ShadowCandidateDto {
  @ApiProperty({
    description:
      'ready: it scores. starting, restarting: it will. refused: it does not; the log says why. With several workers, that of the one that answers.',
    enum: CANDIDATE_STATES,
  })
  readonly state!: CandidateState;

  @ApiProperty({ description: 'Its name. Absent if its bundle cannot be read.', required: false })
  readonly name?: string;

  @ApiProperty({ description: 'Its version.', required: false })
  readonly version?: string;

  @ApiProperty({ description: 'SHA-256 of its file, in hex.', required: false })
  readonly sha256?: string;
}
