import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WrongAnswerError } from './wrong-answer.error.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** The bytes of a request, made once and sent many times. */
export function requestBytes(url: string, { method, path, body = '', headers = {} }: HttpRequest): Buffer {
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\n` +
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('') +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * A kept connection with one request at a time. It costs a fraction of a client library, so that the generator measures
 * the service and not itself. Answers must be ASCII with a Content-Length, as all contenders' are.
 */
export class HttpConnection {
  private received = '';
  private answered: ((answer: HttpAnswer) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      this.parse();
    });
    socket.on('error', () => socket.destroy());
  }

  /** @throws {WrongAnswerError} if nobody listens */
  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    try {
      await once(socket, 'connect');
    } catch (error) {
      throw new WrongAnswerError(`no connection to ${url}`, { cause: error });
    }
    return new HttpConnection(socket);
  }

  /** If the connection ends before the answer, there is no call. */
  send(request: Buffer, answered: (answer: HttpAnswer) => void): void {
    this.answered = answered;
    this.socket.write(request);
  }

  /** @throws {WrongAnswerError} if the connection ends before the answer */
  async ask(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        reject(new WrongAnswerError('the connection ended before the answer'));
      };
      this.socket.once('close', fail);
      this.send(request, (answer) => {
        this.socket.off('close', fail);
        resolve(answer);
      });
    });
  }

  close(): void {
    this.socket.destroy();
  }

  /** Drops the connection without a farewell. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  private parse(): void {
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
    this.answered?.({ status: Number(head.slice(9, 12)), body });
  }
}
