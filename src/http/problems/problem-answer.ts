import { REQUEST_ID_HEADER } from '../requests/request-id.js';
import { type ProblemOccurrence, problemBody } from './problem-body.js';

/** A whole answer, ready to be written. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** The answer to a refused request. Nest's filter, load shedding and Node's parser refuse requests. */
export function problemAnswer(
  occurrence: ProblemOccurrence,
  furtherHeaders: Readonly<Record<string, string>> = {},
): ProblemAnswer {
  const problem = problemBody(occurrence);
  const body = JSON.stringify(problem);
  return {
    status: problem.status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Content-Type-Options': 'nosniff',
      [REQUEST_ID_HEADER]: occurrence.requestId,
      ...furtherHeaders,
    },
    body,
  };
}
