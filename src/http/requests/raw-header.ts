import type { IncomingMessage } from 'node:http';

/**
 * The first header of this name, as it was sent. Node parses all headers when `request.headers` is read first; a refused request
 * has no use for them.
 *
 * @param name in lower case
 */
export function rawHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] ?? '';
    if (sent.length === name.length && sent.toLowerCase() === name) {
      return rawHeaders[index + 1];
    }
  }
  return undefined;
}
