import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DriftWindowDto } from './drift-window.dto.js';

@ApiSchema({
  name: 'DriftReport',
  description: 'Whether live customers are still such as those of the training.',
})
export class DriftReportDto {
  @ApiProperty({ description: 'The version that every prediction names.' })
  readonly model_version!: string;

  @ApiProperty({
    description: 'Names the bins and their rows of the training. In the metrics it is a label.',
    pattern: '^[0-9a-f]{8}$',
  })
  readonly reference!: string;

  @ApiProperty({
    description:
      'Features that are not watched, since the manifest has no statistics of them or there are too many.',
    type: [String],
  })
  readonly unwatched_features!: readonly string[];

  @ApiProperty({ description: 'The last hour and the last day.', type: [DriftWindowDto], minItems: 2 })
  readonly windows!: readonly DriftWindowDto[];
}
