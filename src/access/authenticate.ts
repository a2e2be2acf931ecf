import type { IncomingHttpHeaders } from 'node:http';
import { ProblemException } from '../http/problems/problem.exception.js';
import type { ApiKeys } from './api-keys.js';
import { API_KEY_HEADER, presentedKeys } from './presented-keys.js';

const REALM = 'realm="churn-model-api"';

/**
 * @param isPage whether the path is a page for a browser, which can ask a person for a password
 * @returns the name of the key that a request was sent with, or why it is refused
 */
export function authenticate(
  apiKeys: ApiKeys,
  headers: IncomingHttpHeaders,
  isPage: boolean,
): string | ProblemException {
  const [key, otherKey] = presentedKeys(headers, isPage);
  if (otherKey !== undefined) {
    return new ProblemException(
      'malformed_request',
      `Authorization and ${API_KEY_HEADER} carry different keys; send one of the two headers.`,
    );
  }
  return (key === undefined ? undefined : apiKeys.nameOf(key)) ?? unauthorized(key !== undefined, isPage);
}

/** The challenge of RFC 6750, section 3. */
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
