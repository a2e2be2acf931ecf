import { ProblemException } from '../http/problems/problem.exception.js';

const LEAST_RETRY_SECONDS = 1;

/** @param waitMs expected time until the waiting requests are answered */
export function overloaded(waitMs: number): ProblemException {
  const retrySeconds = Math.max(LEAST_RETRY_SECONDS, Math.ceil(waitMs / 1000));
  return new ProblemException(
    'overloaded',
    `More requests wait than can be answered in time; try again in ${retrySeconds} s.`,
    { headers: { 'Retry-After': String(retrySeconds) } },
  );
}
