import { randomUUID } from 'node:crypto';

/** Names a request on the wire and in the log. */
export const REQUEST_ID_HEADER = 'X-Request-Id';

const SANE_REQUEST_ID = /^[\w.:=+/@-]{1,128}$/;

/** @param offered by the caller, who gets it if it is sane, and a new one otherwise */
export function requestIdOf(offered: unknown): string {
  return typeof offered === 'string' && SANE_REQUEST_ID.test(offered) ? offered : randomUUID();
}
