import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ProblemException } from '../common/problem/problem.exception.js';
import { annotateRequestLog } from '../common/request/request-context.js';
import type { ApiKeys } from './api-keys.js';
import { matches, type PathAccess } from './path-access.js';
import { API_KEY_HEADER, presentedKey } from './presented-key.js';

const REALM = 'realm="churn-model-api"';

/**
 * Lets a request on if it has a key or needs none. It is no Nest guard, since guards come after the body is read and
 * parsed, and do not see the routes of the docs, which are Express's own.
 */
export function accessMiddleware(apiKeys: ApiKeys, { openPaths, pagePaths }: PathAccess): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (matches(openPaths, request.path)) {
      next();
      return;
    }
    const isPage = matches(pagePaths, request.path);
    const key = presentedKey(request.headers, isPage);
    const name = key === undefined ? undefined : apiKeys.nameOf(key);
    if (name === undefined) {
      next(unauthorized(key !== undefined, isPage));
      return;
    }
    annotateRequestLog({ api_key: name });
    next();
  };
}

/** As RFC 6750, section 3, has it. */
function unauthorized(isKeyWrong: boolean, isPage: boolean): ProblemException {
  const challenge = isKeyWrong ? `Bearer ${REALM}, error="invalid_token"` : `Bearer ${REALM}`;
  return new ProblemException(
    'unauthorized',
    isKeyWrong
      ? 'The API key is not known.'
      : `An API key is needed; send it as Authorization: Bearer KEY, or as ${API_KEY_HEADER}: KEY.`,
    { headers: { 'WWW-Authenticate': isPage ? `Basic ${REALM}, ${challenge}` : challenge } },
  );
}
