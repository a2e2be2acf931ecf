import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { tooLargeDetail } from '../../http/requests/body-bytes.js';
import { type ProblemCode } from '../../http/problems/problem-catalogue.js';
import { internalError } from '../../http/problems/problem-details.filter.js';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { isModelError, problemOfModelError } from '../../prediction/model-error.filter.js';

/** The status of gRPC that stands for a problem (https://grpc.io/docs/guides/status-codes). */
const STATUS_OF: Readonly<Record<ProblemCode, status>> = {
  malformed_request: status.INVALID_ARGUMENT,
  invalid_json: status.INVALID_ARGUMENT,
  invalid_csv: status.INVALID_ARGUMENT,
  json_too_deep: status.INVALID_ARGUMENT,
  unauthorized: status.UNAUTHENTICATED,
  not_found: status.NOT_FOUND,
  method_not_allowed: status.UNIMPLEMENTED,
  request_timeout: status.DEADLINE_EXCEEDED,
  precondition_failed: status.FAILED_PRECONDITION,
  payload_too_large: status.RESOURCE_EXHAUSTED,
  unsupported_media_type: status.INVALID_ARGUMENT,
  range_not_satisfiable: status.OUT_OF_RANGE,
  validation_failed: status.INVALID_ARGUMENT,
  rate_limited: status.RESOURCE_EXHAUSTED,
  headers_too_large: status.RESOURCE_EXHAUSTED,
  internal_error: status.INTERNAL,
  model_output_invalid: status.INTERNAL,
  explanations_unavailable: status.UNIMPLEMENTED,
  overloaded: status.UNAVAILABLE,
  model_not_ready: status.UNAVAILABLE,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
};

/** By which a client that tries again is told how long to wait (https://github.com/grpc/proposal/blob/master/A6-client-retries.md). */
const RETRY_METADATA = 'grpc-retry-pushback-ms';

/** How a call ends that is refused by a problem: in its words. */
export function statusOf({ code, detail, headers }: ProblemException): StatusObject {
  const metadata = new Metadata();
  const retrySeconds = headers['Retry-After'];
  if (retrySeconds !== undefined) {
    metadata.set(RETRY_METADATA, String(Number(retrySeconds) * 1000));
  }
  return { code: STATUS_OF[code], details: detail, metadata };
}

/** The problem that an exception of a handler means. */
export function problemOf(exception: unknown): ProblemException {
  if (exception instanceof ProblemException) {
    return exception;
  }
  return isModelError(exception) ? problemOfModelError(exception) : internalError(exception);
}

/** The problem for which the library itself ended a call. @param limitBytes of a message */
export function problemOfLibrary(code: status, details: string, limitBytes: number): ProblemException {
  switch (code) {
    case status.RESOURCE_EXHAUSTED:
      return new ProblemException('payload_too_large', tooLargeDetail(limitBytes));
    case status.DEADLINE_EXCEEDED:
      return new ProblemException('deadline_exceeded', 'The answer was not ready in time.');
    default:
      return new ProblemException('malformed_request', `The message cannot be read: ${details}.`);
  }
}
