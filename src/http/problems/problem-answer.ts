import { REQUEST_ID_HEADER } from '../requests/request-id.js';
import { type ProblemOccurrence, problemBody } from './problem-body.js';
import { PROBLEMS } from './problem-catalogue.js';
import { isProtocolPath, type ProtocolError, protocolStatus } from './protocol-error.js';

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
  const isProtocol = isProtocolPath(occurrence.instance);
  const body = JSON.stringify(
    isProtocol ? ({ error: occurrence.detail } satisfies ProtocolError) : problemBody(occurrence),
  );
  return {
    status: isProtocol ? protocolStatus(occurrence.code) : PROBLEMS[occurrence.code].status,
    headers: {
      // The protocol's clients read an error only if its media type has no charset.
      'Content-Type': isProtocol ? 'application/json' : 'application/problem+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Content-Type-Options': 'nosniff',
      [REQUEST_ID_HEADER]: occurrence.requestId,
      ...furtherHeaders,
    },
    body,
  };
}
