import { type ProblemCode, PROBLEMS } from './problem-catalogue.js';
import type { FieldError } from './problem.exception.js';

/** One occurrence of a problem. */
export interface ProblemOccurrence {
  readonly code: ProblemCode;
  readonly detail: string;
  /** The path that was asked for. */
  readonly instance: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[] | undefined;
  /** Of all errors, if not all are listed. */
  readonly errorCount?: number | undefined;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
  readonly error_count?: number;
}

/** The members of a problem (RFC 9457, section 3.1), and ours. */
export function problemBody({
  code,
  detail,
  instance,
  requestId,
  errors,
  errorCount,
}: ProblemOccurrence): ProblemBody {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:churn-model-api:problem:${code}`,
    title,
    status,
    detail,
    instance,
    code,
    request_id: requestId,
    ...(errors !== undefined && { errors }),
    ...(errorCount !== undefined && { error_count: errorCount }),
  };
}
