import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** The bytes of a request, made once and sent many times. */
export function requestBytes(url: string, { method, path, body = '' }: HttpRequest): Buffer {
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/json\r\n` +
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
    // An open request then never ends, which the caller's deadline finds.
    socket.on('error', () => socket.destroy());
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  send(request: Buffer, answered: (answer: HttpAnswer) => void): void {
    this.answered = answered;
    this.socket.write(request);
  }

  async ask(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      this.send(request, resolve);
    });
  }

  close(): void {
    this.socket.destroy();
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
