import type { NextFunction, Request, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { ProblemException } from '../http/problems/problem.exception.js';
import type { Settings } from '../config/settings.js';
import type { WindowStore } from './window-store.js';

/** Counts a request of a caller, and goes on: with a problem if it was one too many. */
export type RateLimit = (caller: string, request: Request, response: Response, next: NextFunction) => void;

/** The headers that tell a caller how many requests are left. */
export const RATE_LIMIT_HEADERS = [
  'RateLimit-Policy',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

/**
 * Allows each caller so many requests in a window, which begins with the first of them. It counts in this process only,
 * and forgets a caller two windows after the last request at the latest.
 *
 * @returns undefined if the settings set no limit
 */
export function createRateLimit(
  {
    rateLimitRequests: limit,
    rateLimitWindowMs: windowMs,
  }: Pick<Settings, 'rateLimitRequests' | 'rateLimitWindowMs'>,
  store: WindowStore,
): RateLimit | undefined {
  if (limit === 0) {
    return undefined;
  }
  const callers = new WeakMap<Request, string>();
  const count = rateLimit({
    limit,
    windowMs,
    store,
    standardHeaders: 'draft-6',
    legacyHeaders: false,
    keyGenerator: (request) => callers.get(request) ?? '',
    // Its checks warn of X-Forwarded-For on the console, though TRUST_PROXY decides that.
    validate: false,
    handler: (_request, response, next) => {
      next(tooManyRequests(limit, windowMs, String(response.getHeader('Retry-After'))));
    },
  });
  return (caller, request, response, next) => {
    callers.set(request, caller);
    void count(request, response, next);
  };
}

export function tooManyRequests(limit: number, windowMs: number, retrySeconds: string): ProblemException {
  return new ProblemException(
    'rate_limited',
    `${limit} requests in ${windowMs / 1000} s may be sent; try again in ${retrySeconds} s.`,
  );
}
