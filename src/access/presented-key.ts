import type { IncomingHttpHeaders } from 'node:http';
import { ProblemException } from '../common/problem/problem.exception.js';

/** Carries a key instead of `Authorization: Bearer`. */
export const API_KEY_HEADER = 'X-API-Key';

const BEARER = /^Bearer +(?<key>.+)$/i;
const BASIC = /^Basic +(?<credentials>.+)$/i;

/**
 * The key that a request was sent with, if any. An authorization of another scheme is not for us, and so no key.
 *
 * @param mayBePassword whether Basic authentication may carry it, with any user name
 * @throws {ProblemException} if it was sent with two
 */
export function presentedKey(
  { authorization = '', 'x-api-key': apiKeyHeader }: IncomingHttpHeaders,
  mayBePassword: boolean,
): string | undefined {
  const authorizationKey =
    BEARER.exec(authorization)?.groups?.['key'] ?? (mayBePassword ? passwordOf(authorization) : undefined);
  // Node joins a header that came twice into one text, so that it is never an array.
  const headerKey = apiKeyHeader as string | undefined;
  if (authorizationKey !== undefined && headerKey !== undefined && authorizationKey !== headerKey) {
    throw new ProblemException(
      'malformed_request',
      `Authorization and ${API_KEY_HEADER} carry different keys; send one of the two headers.`,
    );
  }
  return authorizationKey ?? headerKey;
}

function passwordOf(authorization: string): string | undefined {
  const credentials = BASIC.exec(authorization)?.groups?.['credentials'];
  return credentials === undefined
    ? undefined
    : /:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString())?.[1];
}
