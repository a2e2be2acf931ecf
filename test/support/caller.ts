import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Prediction {
  readonly status: number;
  readonly requestId: string;
  readonly body: Record<string, unknown>;
}

/** A client with one connection, which it keeps for as long as the service does. */
export class Caller {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly url: string) {}

  /** @throws {Error} if the connection breaks before the answer is complete */
  async post(path: string, body: unknown): Promise<Prediction> {
    const outgoing = request(`${this.url}${path}`, {
      method: 'POST',
      agent: this.agent,
      headers: { 'Content-Type': 'application/json' },
    });
    outgoing.end(JSON.stringify(body));
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return {
      status: response.statusCode ?? 0,
      requestId: String(response.headers['x-request-id']),
      body: JSON.parse(await text(response)) as Record<string, unknown>,
    };
  }

  close(): void {
    this.agent.destroy();
  }
}
