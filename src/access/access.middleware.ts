import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ProblemException } from '../http/problems/problem.exception.js';
import { isPreflight } from '../http/requests/cors-preflight.js';
import { annotateRequestLog } from '../http/requests/request-context.js';
import type { ApiKeys } from './api-keys.js';
import { authenticate } from './authenticate.js';
import { clientAddress } from './client-address.js';
import { matches, type PathAccess } from './path-access.js';
import type { RateLimit } from './rate-limit.js';

/**
 * Lets a request on if it has a key or needs none, and its caller has not sent too many. It is not a Nest guard, since
 * guards come after the body is read and parsed, and do not see the routes of the docs, which are Express's own.
 *
 * @param rateLimit absent if there is none
 */
export function accessMiddleware(
  apiKeys: ApiKeys,
  rateLimit: RateLimit | undefined,
  { openPaths, pagePaths }: PathAccess,
): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    if (matches(openPaths, request.path)) {
      next();
      return;
    }
    const needsKey = apiKeys.areRequired && !isPreflight(request);
    const name = needsKey
      ? authenticate(apiKeys, request.headers, matches(pagePaths, request.path))
      : undefined;
    const refusal = name instanceof ProblemException ? name : undefined;
    if (typeof name === 'string') {
      annotateRequestLog({ api_key: name });
    }
    if (rateLimit === undefined) {
      next(refusal);
      return;
    }
    const caller = callerOf(request, typeof name === 'string' ? name : undefined);
    rateLimit(caller, request, response, (excess?: unknown) => {
      next(excess ?? refusal);
    });
  };
}

/**
 * Who has no key that is right counts by address, so that nobody can use up the requests of another's key. Preflights
 * count apart, so that a page has as many requests as another caller, and can read that it has sent too many.
 */
function callerOf(request: Request, keyName: string | undefined): string {
  if (keyName !== undefined) {
    return `key ${keyName}`;
  }
  return `${isPreflight(request) ? 'preflights of' : 'address'} ${clientAddress(request)}`;
}
