import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DATATYPES, type Datatype } from '../datatype.js';

@ApiSchema({ name: 'ModelReady', description: 'Whether a model is ready.' })
export class ModelReadyDto {
  @ApiProperty({ description: 'The name of the model.' })
  readonly name!: string;

  @ApiProperty({ description: 'Whether it takes requests.' })
  readonly ready!: boolean;

  @ApiProperty({ description: 'Why not.', required: false })
  readonly error?: string;
}

@ApiSchema({ name: 'TensorMetadata', description: 'An input or an output of a model.' })
export class TensorMetadataDto {
  @ApiProperty({ description: 'Its name. An input has the name of its feature.' })
  readonly name!: string;

  @ApiProperty({ description: 'The datatype of its elements.', enum: DATATYPES })
  readonly datatype!: Datatype;

  @ApiProperty({
    description: 'Its shape. -1 is the number of rows.',
    type: 'array',
    items: { type: 'integer', minimum: -1, maximum: Number.MAX_SAFE_INTEGER },
  })
  readonly shape!: readonly number[];
}

@ApiSchema({ name: 'ModelMetadata', description: 'A model, with every input and every output.' })
export class ModelMetadataDto {
  @ApiProperty({ description: 'The name of the model.' })
  readonly name!: string;

  @ApiProperty({ description: 'The version that is served.', type: [String], minItems: 1, maxItems: 1 })
  readonly versions!: readonly string[];

  @ApiProperty({ description: 'What runs it.' })
  readonly platform!: string;

  @ApiProperty({ description: 'One for each feature.', type: [TensorMetadataDto] })
  readonly inputs!: readonly TensorMetadataDto[];

  @ApiProperty({ description: 'What may be asked for.', type: [TensorMetadataDto] })
  readonly outputs!: readonly TensorMetadataDto[];
}
