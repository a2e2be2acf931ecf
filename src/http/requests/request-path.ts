import type { IncomingMessage } from 'node:http';

const SCHEME_AND_AUTHORITY = /^https?:\/\/[^/?#]*/i;

/**
 * Turns a target in absolute form (`GET http://host/path`, RFC 9112, section 3.2.2), which no route would match, into the
 * path and query that it names.
 */
export function useOriginForm(request: IncomingMessage): void {
  const { url = '' } = request;
  if (!url.startsWith('/') && SCHEME_AND_AUTHORITY.test(url)) {
    const target = url.replace(SCHEME_AND_AUTHORITY, '');
    request.url = target.startsWith('/') ? target : `/${target}`;
  }
}

/** The path that was asked for, without the query. Express keeps it in `originalUrl`, and cuts `url` for handlers that are mounted at a path. */
export function pathOf(request: IncomingMessage & { readonly originalUrl?: string }): string {
  const { originalUrl, url = '' } = request;
  return (originalUrl ?? url).split('?', 1)[0] ?? '';
}
