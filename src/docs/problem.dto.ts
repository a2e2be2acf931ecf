import { ApiProperty } from '@nestjs/swagger';
import { PROBLEMS } from '../common/problem/problem-catalogue.js';

export class FieldErrorDto {
  @ApiProperty({
    description: 'JSON pointer (RFC 6901) into the body; empty for the body itself.',
    example: '/tenure_months',
  })
  readonly pointer!: string;

  @ApiProperty({ description: 'What is wrong, for programs.', example: 'too_large' })
  readonly code!: string;

  @ApiProperty({
    description: 'What is wrong, for people.',
    example: 'tenure_months must be an integer from 0 to 120, but is 999.',
  })
  readonly detail!: string;
}

/** RFC 9457. */
export class ProblemDto {
  @ApiProperty({ description: 'Identifies the kind of problem.', format: 'uri' })
  readonly type!: string;

  @ApiProperty({ description: 'The kind of problem, for people.' })
  readonly title!: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', minimum: 400, maximum: 599 })
  readonly status!: number;

  @ApiProperty({ description: 'What went wrong with this request.' })
  readonly detail!: string;

  @ApiProperty({ description: 'The path that was asked.', format: 'uri-reference' })
  readonly instance!: string;

  @ApiProperty({
    description: 'The kind of problem, for programs. It never changes.',
    enum: Object.keys(PROBLEMS),
  })
  readonly code!: string;

  @ApiProperty({ description: 'The id of the request, as in the header X-Request-Id and in the log.' })
  readonly request_id!: string;

  @ApiProperty({
    description: 'With 422: each value that is missing or invalid.',
    type: [FieldErrorDto],
    required: false,
  })
  readonly errors?: FieldErrorDto[];
}
