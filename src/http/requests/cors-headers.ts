import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

export interface CorsOptions {
  /** `*` stands for all. */
  readonly origins: readonly string[];
  readonly requestHeaders: readonly string[];
  readonly answerHeaders: readonly string[];
}

type Headers = Readonly<Record<string, string>>;

/** The headers by which a browser lets pages of other origins call, and read answers and refusals. */
export class CorsHeaders {
  private readonly handler: ReturnType<typeof cors>;
  private readonly byOrigin: ReadonlyMap<string, Headers>;
  private readonly ofOthers: Headers;

  constructor({ origins, requestHeaders, answerHeaders }: CorsOptions) {
    const isOpen = origins.includes('*');
    this.handler = cors({
      origin: isOpen ? '*' : [...origins],
      methods: ['GET', 'HEAD', 'POST'],
      allowedHeaders: [...requestHeaders],
      exposedHeaders: [...answerHeaders],
      preflightContinue: true,
    });
    this.byOrigin = new Map(isOpen ? [] : origins.map((origin) => [origin, this.computed(origin)]));
    this.ofOthers = this.computed(undefined);
  }

  /** Of the answer to a request, which is no preflight, of a page of this origin. */
  of(origin: string | undefined): Headers {
    return (origin === undefined ? undefined : this.byOrigin.get(origin)) ?? this.ofOthers;
  }

  set(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'OPTIONS') {
      this.handler(request, response, () => undefined);
      return;
    }
    const headers = this.of(request.headers.origin);
    for (const name in headers) {
      response.setHeader(name, headers[name] ?? '');
    }
  }

  /** What the library sets. It takes a tenth of the time of a refusal, and is the same for each request of an origin. */
  private computed(origin: string | undefined): Headers {
    const headers: Record<string, string> = {};
    const response = {
      getHeader: (name: string) => headers[name],
      setHeader: (name: string, value: string) => {
        headers[name] = value;
      },
      end: () => undefined,
    };
    this.handler({ method: 'GET', headers: { origin } }, response, () => undefined);
    return headers;
  }
}
