import { ProblemException } from '../problems/problem.exception.js';

/** By which a caller says how long it will wait for a prediction. */
export const REQUEST_TIMEOUT_HEADER = 'X-Request-Timeout-Ms';

/**
 * @param header the caller's wish, if it states one
 * @returns milliseconds that the request may take, and no more than `longestMs`
 * @throws {ProblemException} if the header is not a whole number of milliseconds
 */
export function requestBudgetMs(header: string | undefined, longestMs: number): number {
  if (header === undefined) {
    return longestMs;
  }
  if (!/^[1-9]\d{0,8}$/.test(header)) {
    throw new ProblemException(
      'malformed_request',
      `${REQUEST_TIMEOUT_HEADER} must be a whole number of milliseconds from 1 on, but is ${JSON.stringify(header.slice(0, 20))}.`,
    );
  }
  return Math.min(Number(header), longestMs);
}
