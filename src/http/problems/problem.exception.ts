import { HttpException, type HttpExceptionOptions } from '@nestjs/common';
import { type FieldErrorCode, type ProblemCode, PROBLEMS } from './problem-catalogue.js';

/** One offending field of a request body. */
export interface FieldError {
  /** JSON pointer (RFC 6901) into the body; the empty string is the body itself. */
  readonly pointer: string;
  readonly code: FieldErrorCode;
  readonly detail: string;
}

export interface ProblemExceptionOptions extends HttpExceptionOptions {
  readonly errors?: readonly FieldError[];
  /** Of all errors, if not all are listed. */
  readonly errorCount?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that the caller is told of as a problem of the catalogue. */
export class ProblemException extends HttpException {
  readonly errors: readonly FieldError[] | undefined;
  readonly errorCount: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    { errors, errorCount, headers = {}, ...options }: ProblemExceptionOptions = {},
  ) {
    super(detail, PROBLEMS[code].status, options);
    this.errors = errors;
    this.errorCount = errorCount;
    this.headers = headers;
  }
}
