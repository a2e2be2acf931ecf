import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** After which a request that was refused for overload may come again. */
  readonly retryAfterMs?: number;
}

export const ANSWER_TIMEOUT_MS = 30_000;

/** The bytes of a request, made once and sent many times. */
export function requestBytes(url: string, { method, path, body = '', headers = {} }: HttpRequest): Buffer {
  const lines = Object.entries({
    Host: new URL(url).host,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return Buffer.concat([head, Buffer.from(body)]);
}

/** Makes the requests one after the other, over one connection. @throws {Error} if an answer is missing */
export async function askInTurn(url: string, requests: readonly HttpRequest[]): Promise<HttpAnswer[]> {
  const connection = await HttpConnection.open(url);
  const answers: HttpAnswer[] = [];
  for (const request of requests) {
    answers.push(await connection.ask(requestBytes(url, request)));
  }
  connection.close();
  return answers;
}

/**
 * A kept connection with one request at a time. It costs a fraction of a client library, so that the generator measures
 * the service and not itself. Answers must have a Content-Length, as all
 * contenders' do. A body is read as Latin-1: ASCII, or a character for each byte of binary data.
 */
export class HttpConnection {
  private received = '';
  private answered: ((answer: HttpAnswer) => void) | undefined;
  private failed: (() => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setEncoding('latin1').setTimeout(ANSWER_TIMEOUT_MS);
    socket.on('data', (chunk: string) => {
      this.receive(chunk);
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.failed?.());
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** If the connection ends before the answer, there is no call. */
  send(request: Buffer, answered: (answer: HttpAnswer) => void): void {
    this.answered = answered;
    this.socket.write(request);
  }

  /** @throws {Error} if the connection ends before the answer */
  async ask(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.failed = () => {
        reject(new Error('the connection ended before the answer'));
      };
      this.send(request, resolve);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  /** Drops the connection without a farewell. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private receive(chunk: string): void {
    this.received += chunk;
    const headEnd = this.received.indexOf('\r\n\r\n');
    if (headEnd === -1) {
      return;
    }
    const head = this.received.slice(0, headEnd);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1]);
    const bodyStart = headEnd + 4;
    if (this.received.length < bodyStart + length) {
      return;
    }
    const body = this.received.slice(bodyStart);
    this.received = '';
    const status = Number(head.slice(9, 12));
    const retrySeconds = status === 503 ? Number(/^retry-after: *(\d+)/im.exec(head)?.[1] ?? 0) : 0;
    this.answered?.({ status, body, retryAfterMs: 1000 * retrySeconds });
  }
}
