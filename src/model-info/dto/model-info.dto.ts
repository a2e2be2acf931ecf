import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { SERVICE_VERSION } from '../../config/service-version.js';
import { HistogramDto } from './histogram.dto.js';
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
    example: 5250,
  })
  readonly rows!: number;

  @ApiProperty({
    description: 'The probabilities that the model gives for them, in bins.',
    type: HistogramDto,
    example: { edges: [0, 0.25, 0.5, 0.75, 1], counts: [3080, 1278, 562, 330] },
  })
  readonly probability_histogram!: HistogramDto;
}

@ApiSchema({ name: 'ModelInfo', description: 'The model that is served.' })
export class ModelInfoDto {
  @ApiProperty({
    description: "The manifest's name of the model, or the name of its file if it is not verified.",
    example: 'churn_model',
  })
  readonly name!: string;

  @ApiProperty({ description: 'The version that every prediction names.', example: '1.0.0' })
  readonly version!: string;

  @ApiProperty({
    description: 'SHA-256 of the ONNX file.',
    pattern: '^[0-9a-f]{64}$',
    example: '2acaefe0b3da07e6ef7f2ec6b9445163cca6cb33f0f7873047b9363f1daf74c0',
  })
  readonly sha256!: string;

  @ApiProperty({
    description: 'When the model was exported, as its manifest has it. Absent if the model is not verified.',
    required: false,
    example: '2026-11-22T17:15:21Z',
  })
  readonly created_at?: string;

  @ApiProperty({ description: 'What was proven at the start.', type: ModelVerificationDto })
  readonly verification!: ModelVerificationDto;

  @ApiProperty({ description: 'In the order in which the model takes them.', type: [ModelFeatureDto] })
  readonly features!: readonly ModelFeatureDto[];

  @ApiProperty({ description: 'What is made of a probability.', type: ModelThresholdsDto })
  readonly thresholds!: ModelThresholdsDto;

  @ApiProperty({
    description: 'How good the model is on data that it was not trained on. Absent if it is not verified.',
    type: 'object',
    additionalProperties: { type: 'number', description: 'One metric.' },
    selfRequired: false,
    example: { roc_auc: 0.8232, log_loss: 0.4353, brier_score: 0.1406, held_out_rows: 1750 },
  })
  readonly metrics?: Readonly<Record<string, number>>;

  @ApiProperty({
    description: 'The data that the statistics describe. Absent if the model is not verified.',
    type: ModelReferenceDto,
    required: false,
  })
  readonly reference?: ModelReferenceDto;

  @ApiProperty({ description: 'How forward passes are run.', type: ModelInferenceDto })
  readonly inference!: ModelInferenceDto;

  @ApiProperty({
    description: 'The version of the service, which changes apart from that of the model.',
    example: SERVICE_VERSION,
  })
  readonly service_version!: string;
}
