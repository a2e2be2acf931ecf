import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

export interface CorsOptions {
  /** `*` stands for all. */
  readonly origins: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly answerHeaders: readonly string[];
}

/** The headers by which a browser lets pages of other origins call, and read answers and refusals. */
export class CorsHeaders {
  private readonly handler: ReturnType<typeof cors>;

  constructor({ origins, requestHeaders, answerHeaders }: CorsOptions) {
    this.handler = cors({
      origin: origins.includes('*') ? '*' : [...origins],
      methods: ['GET', 'HEAD', 'POST'],
      allowedHeaders: [...requestHeaders],
      exposedHeaders: [...answerHeaders],
      preflightContinue: true,
    });
  }

  set(request: IncomingMessage, response: ServerResponse): void {
    this.handler(request, response, () => undefined);
  }
}
