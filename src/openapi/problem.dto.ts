import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { FIELD_ERROR_CODES, PROBLEMS } from '../http/problems/problem-catalogue.js';

@ApiSchema({ name: 'FieldError', description: 'One value of a body that is missing or invalid.' })
export class FieldErrorDto {
  @ApiProperty({
    description: 'JSON pointer (RFC 6901) into the body; empty for the body itself.',
  })
  readonly pointer!: string;

  @ApiProperty({ description: 'What is wrong, for programs.', enum: FIELD_ERROR_CODES, example: 'too_large' })
  readonly code!: string;

  @ApiProperty({
    description: 'What is wrong, for people.',
  })
  readonly detail!: string;
}

@ApiSchema({ name: 'Problem', description: 'Why a request was not served (RFC 9457).' })
export class ProblemDto {
  @ApiProperty({
    description: 'Identifies the kind of problem.',
    format: 'uri',
    example: 'urn:churn-model-api:problem:validation_failed',
  })
  readonly type!: string;

  @ApiProperty({
    description: 'The kind of problem, for people.',
    example: PROBLEMS.validation_failed.title,
  })
  readonly title!: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', minimum: 400, maximum: 599, example: 422 })
  readonly status!: number;

  @ApiProperty({
    description: 'What went wrong with this request.',
    example: '1 value is missing or invalid.',
  })
  readonly detail!: string;

  @ApiProperty({ description: 'The path that was asked.', format: 'uri-reference', example: '/predict' })
  readonly instance!: string;

  @ApiProperty({
    description: 'The kind of problem, for programs. It never changes.',
    enum: Object.keys(PROBLEMS),
    example: 'validation_failed',
  })
  readonly code!: string;

  @ApiProperty({
    description: 'The id of the request, as in the header X-Request-Id and in the log.',
    example: '0b6e3c4e-7d0f-4a3c-9a53-2f1d8f6f1c55',
  })
  readonly request_id!: string;

  @ApiProperty({
    description: 'With 422: each value that is missing or invalid, or the first 100 of them.',
    type: [FieldErrorDto],
    required: false,
  })
  readonly errors?: FieldErrorDto[];

  @ApiProperty({
    description: 'With 422: how many values are missing or invalid, if `errors` does not list all of them.',
    type: 'integer',
    minimum: 101,
    maximum: Number.MAX_SAFE_INTEGER,
    required: false,
  })
  readonly error_count?: number;
}
