import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export const CSV_HEADER =
  'customer_id,tenure_months,monthly_charges,total_charges,num_products,has_support_calls\n';
/** The documented customer of high risk. */
export const CSV_ROW = 'C-1,6,79.99,479.94,1,1\n';

/** What came of a file. */
export interface BulkAnswer {
  readonly status: number | undefined;
  readonly text: string;
  readonly lines: readonly string[];
  /** Whether HTTP says that nothing is missing. */
  readonly isWhole: boolean;
}

/** A client that sends a file as slowly as the test wants, and reads the answer meanwhile. */
export class BulkClient {
  private received = '';
  private readonly upload: ClientRequest;
  private readonly response: Promise<IncomingMessage>;

  constructor(
    url: string,
    {
      path = '/predict/bulk?keep=customer_id',
      headers = {},
    }: { path?: string; headers?: Record<string, string> } = {},
  ) {
    this.upload = request(`${url}${path}`, {
      method: 'POST',
      agent: false,
      headers: { 'Content-Type': 'text/csv', ...headers },
    });
    this.upload.on('error', () => undefined);
    this.response = once(this.upload, 'response').then(([response]) => {
      const answer = response as IncomingMessage;
      answer.setEncoding('utf8').on('data', (text: string) => (this.received += text));
      answer.on('error', () => undefined);
      return answer;
    });
    this.response.catch(() => undefined);
  }

  /** Resolves when there is room for more. */
  async send(text: string | Uint8Array): Promise<void> {
    if (!this.upload.write(text)) {
      await once(this.upload, 'drain');
    }
  }

  sendAll(text: string | Uint8Array): this {
    this.upload.end(text);
    return this;
  }

  /** Resolves when what came so far fits. */
  async until(pattern: RegExp): Promise<void> {
    const response = await this.response;
    while (!pattern.test(this.received)) {
      await once(response, 'data');
    }
  }

  /** Stops reading, before anything is read. */
  async stopReading(): Promise<void> {
    (await this.response).pause();
  }

  leave(): void {
    this.upload.destroy();
  }

  async answer(): Promise<BulkAnswer> {
    const response = await this.response;
    response.resume();
    if (!response.closed) {
      await new Promise((resolve) => response.once('close', resolve));
    }
    const { statusCode: status, complete: isWhole } = response;
    return { status, text: this.received, lines: this.received.trimEnd().split('\n'), isWhole };
  }
}
