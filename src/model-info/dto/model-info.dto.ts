import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { CalibrationBinDto } from './calibration-bin.dto.js';
import { HistogramDto } from './histogram.dto.js';
import { ShadowCandidateDto } from '../../shadow/dto/shadow-candidate.dto.js';
import { ModelComparisonDto } from './model-comparison.dto.js';
import { ModelExplanationsDto } from './model-explanations.dto.js';
import { ModelFeatureDto } from './model-feature.dto.js';
import { ModelInferenceDto } from './model-inference.dto.js';
import { ModelThresholdsDto } from './model-thresholds.dto.js';
import { ModelVerificationDto } from './model-verification.dto.js';

@ApiSchema({ name: 'ModelReference', description: 'The data that the statistics of the features describe.' })
export class ModelReferenceDto {
  @ApiProperty({
    description: 'Number of rows.',
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly rows!: number;

  @ApiProperty({
    description: 'The probabilities that the model gives for them, in bins.',
    type: HistogramDto,
  })
  readonly probability_histogram!: HistogramDto;

  @ApiProperty({
    description:
      'How often customers churned, by the probability that the model gave them, in ascending bins. Absent if the manifest does not state it.',
    type: [CalibrationBinDto],
    required: false,
    minItems: 1,
    maxItems: 100,
  })
  readonly calibration?: readonly CalibrationBinDto[];
}

@ApiSchema({ name: 'ModelInfo', description: 'The model that is served.' })
export class ModelInfoDto {
  @ApiProperty({
    description: "The manifest's name of the model, or the name of its file.",
  })
  readonly name!: string;

  @ApiProperty({ description: 'The version that every prediction names.' })
  readonly version!: string;

  @ApiProperty({
    description: 'SHA-256 of the ONNX file.',
    pattern: '^[0-9a-f]{64}$',
  })
  readonly sha256!: string;

  @ApiProperty({
    description: 'When the model was exported. Absent if the manifest does not state it.',
    required: false,
  })
  readonly created_at?: string;

  @ApiProperty({ description: 'What was proven at the start.', type: ModelVerificationDto })
  readonly verification!: ModelVerificationDto;

  @ApiProperty({
    description: 'What the export proved. Absent if the manifest does not state it.',
    type: ModelComparisonDto,
    required: false,
  })
  readonly comparison?: ModelComparisonDto;

  @ApiProperty({ description: 'The contract: the fields of a customer.', type: [ModelFeatureDto] })
  readonly features!: readonly ModelFeatureDto[];

  @ApiProperty({ description: 'What is made of a probability.', type: ModelThresholdsDto })
  readonly thresholds!: ModelThresholdsDto;

  @ApiProperty({
    description:
      'How good the model is on data that it was not trained on. Absent if the manifest does not state it.',
    type: 'object',
    additionalProperties: { type: 'number', description: 'One metric.' },
    selfRequired: false,
  })
  readonly metrics?: Readonly<Record<string, number>>;

  @ApiProperty({
    description: 'The data that the statistics describe. Absent if the manifest does not state them.',
    type: ModelReferenceDto,
    required: false,
  })
  readonly reference?: ModelReferenceDto;

  @ApiProperty({
    description: 'What scores are explained with. Absent if the bundle has no background rows.',
    type: ModelExplanationsDto,
    required: false,
  })
  readonly explanations?: ModelExplanationsDto;

  @ApiProperty({ description: 'How forward passes are run.', type: ModelInferenceDto })
  readonly inference!: ModelInferenceDto;

  @ApiProperty({
    description: 'The candidate that scores beside it. Absent if there is none.',
    type: ShadowCandidateDto,
    required: false,
  })
  readonly shadow?: ShadowCandidateDto;

  @ApiProperty({
    description: 'The version of the service, which changes apart from that of the model.',
  })
  readonly service_version!: string;
}
