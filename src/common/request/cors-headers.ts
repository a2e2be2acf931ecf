import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

export interface CorsOptions {
  /** `*` stands for all. */
  readonly origins: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly answerHeaders: readonly string[];
}

/** @returns what sets the headers by which a browser lets pages of the origins call, and read answers and refusals */
export function corsHeaders({
  origins,
  requestHeaders,
  answerHeaders,
}: CorsOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const setHeaders = cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: [...requestHeaders],
    exposedHeaders: [...answerHeaders],
    preflightContinue: true,
  });
  return (request, response) => {
    setHeaders(request, response, () => undefined);
  };
}
