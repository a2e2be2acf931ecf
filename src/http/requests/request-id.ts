import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names a request on the wire and in the log. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

const SANE_REQUEST_ID = /^[\w.:=+/@-]{1,128}$/;

/** The id that the caller offers, if it is sane, or a new one. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const offered = headers['x-request-id'];
  return typeof offered === 'string' && SANE_REQUEST_ID.test(offered) ? offered : randomUUID();
}
