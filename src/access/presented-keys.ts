import type { IncomingHttpHeaders } from 'node:http';

/** Carries a key instead of `Authorization: Bearer`. */
export const API_KEY_HEADER = 'X-API-Key';

const BEARER = /^Bearer +(?<key>.+)$/i;
const BASIC = /^Basic +(?<credentials>.+)$/i;

/**
 * The different keys that a request was sent with: none to two. An authorization of another scheme is not for us.
 *
 * @param mayBePassword whether Basic authentication may carry a key, with any user name
 */
export function presentedKeys(
  { authorization = '', 'x-api-key': apiKeyHeader }: IncomingHttpHeaders,
  mayBePassword: boolean,
): string[] {
  const authorizationKey =
    BEARER.exec(authorization)?.groups?.['key'] ?? (mayBePassword ? passwordOf(authorization) : undefined);
  // Node joins a header that came twice into one text, so that it is never an array.
  const headerKey = apiKeyHeader as string | undefined;
  return [...new Set([authorizationKey, headerKey])].filter((key) => key !== undefined);
}

function passwordOf(authorization: string): string | undefined {
  const credentials = BASIC.exec(authorization)?.groups?.['credentials'];
  return credentials === undefined
    ? undefined
    : /:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString())?.[1];
}
