import type { Response } from 'express';

/** Sends JSON as the protocol's clients want it: some read it only if the media type has no charset, which Express adds. */
export function sendJson(response: Response, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(bytes.length),
    'Cache-Control': 'no-store',
  };
  response.writeHead(status, headers).end(bytes);
}
