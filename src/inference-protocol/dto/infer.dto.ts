import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { DATATYPES, type Datatype } from '../datatype.js';

const SHAPE = {
  type: 'array',
  items: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  minItems: 1,
} as const;

@ApiSchema({
  name: 'InferInputParameters',
  description: 'How a tensor is sent. Other parameters are ignored.',
})
export class InferInputParametersDto {
  @ApiProperty({
    description: 'Its bytes among the binary data behind the JSON, in place of `data`.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    required: false,
    nullable: true,
  })
  readonly binary_data_size?: number;
}

@ApiSchema({ name: 'InferInput', description: 'A tensor: the values of one feature, or of all.' })
export class InferInputDto {
  @ApiProperty({ description: 'The name of the feature. A matrix of all features may have any other name.' })
  readonly name!: string;

  @ApiProperty({ description: 'Its shape: [rows], [rows, 1] or [rows, features].', ...SHAPE })
  readonly shape!: readonly number[];

  @ApiProperty({
    description: 'The datatype of its elements. A number may come in any datatype of numbers.',
    enum: DATATYPES,
  })
  readonly datatype!: Datatype;

  @ApiProperty({
    description: 'How it is sent.',
    type: InferInputParametersDto,
    required: false,
    nullable: true,
  })
  readonly parameters?: InferInputParametersDto;

  @ApiProperty({
    description: 'Its elements, flat or nested, row by row. null is a missing value.',
    type: 'array',
    items: {},
  })
  readonly data!: readonly unknown[];
}

@ApiSchema({
  name: 'RequestedOutputParameters',
  description: 'How an output is answered. Others are ignored.',
})
export class RequestedOutputParametersDto {
  @ApiProperty({
    description: 'Whether it is answered as binary data behind the JSON.',
    type: Boolean,
    required: false,
    nullable: true,
  })
  readonly binary_data?: boolean;
}

@ApiSchema({ name: 'RequestedOutput', description: 'An output that is asked for.' })
export class RequestedOutputDto {
  @ApiProperty({ description: 'Its name.', example: 'churn_probability' })
  readonly name!: string;

  @ApiProperty({
    description: 'How it is answered.',
    type: RequestedOutputParametersDto,
    required: false,
    nullable: true,
  })
  readonly parameters?: RequestedOutputParametersDto;
}

@ApiSchema({
  name: 'InferParameters',
  description: 'How outputs are answered. Other parameters are ignored.',
})
export class InferParametersDto {
  @ApiProperty({
    description: 'Whether outputs are answered as binary data if they do not say so themselves.',
    type: Boolean,
    required: false,
    nullable: true,
  })
  readonly binary_data_output?: boolean;
}

@ApiSchema({ name: 'InferRequest', description: 'Rows to score, as tensors.' })
export class InferRequestDto {
  @ApiProperty({
    description: 'Comes back in the answer.',
    type: String,
    required: false,
    nullable: true,
  })
  readonly id?: string;

  @ApiProperty({
    description: 'How outputs are answered.',
    type: InferParametersDto,
    required: false,
    nullable: true,
  })
  readonly parameters?: InferParametersDto;

  @ApiProperty({ description: 'The tensors.', type: [InferInputDto], minItems: 1 })
  readonly inputs!: readonly InferInputDto[];

  @ApiProperty({
    description:
      'The outputs that are asked for. Without them churn_probability, churn_prediction and risk_tier.',
    type: [RequestedOutputDto],
    required: false,
    nullable: true,
  })
  readonly outputs?: readonly RequestedOutputDto[];
}

@ApiSchema({ name: 'InferOutputParameters', description: 'How a tensor is answered.' })
export class InferOutputParametersDto {
  @ApiProperty({
    description: 'Its bytes among the binary data behind the JSON.',
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  })
  readonly binary_data_size!: number;
}

@ApiSchema({ name: 'InferOutput', description: 'A tensor of the answer.' })
export class InferOutputDto {
  @ApiProperty({ description: 'Its name.' })
  readonly name!: string;

  @ApiProperty({ description: 'The datatype of its elements.', enum: DATATYPES })
  readonly datatype!: Datatype;

  @ApiProperty({ description: 'Its shape: [rows], or [rows, features].', ...SHAPE })
  readonly shape!: readonly number[];

  @ApiProperty({ description: 'With binary data.', type: InferOutputParametersDto, required: false })
  readonly parameters?: InferOutputParametersDto;

  @ApiProperty({
    description: 'Its elements, flat and row by row, unless they are binary data.',
    type: 'array',
    items: {},
    required: false,
  })
  readonly data?: readonly unknown[];
}

@ApiSchema({ name: 'InferAnswer', description: 'What the model says of the rows.' })
export class InferAnswerDto {
  @ApiProperty({ description: 'The model that answered.' })
  readonly model_name!: string;

  @ApiProperty({ description: 'Its version.' })
  readonly model_version!: string;

  @ApiProperty({ description: 'That of the request, if it had one.', required: false })
  readonly id?: string;

  @ApiProperty({ description: 'In the order in which they were asked for.', type: [InferOutputDto] })
  readonly outputs!: readonly InferOutputDto[];
}
