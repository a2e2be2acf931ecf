import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP connection on which a test sends exactly the bytes that it wants, when it wants. */
export class RawConnection {
  private received = '';

  private constructor(private readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.received += text;
    });
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** Resolves when the bytes are handed to the operating system. */
  async send(text: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(text, (error) => {
        if (error) {
          reject(error);
        } else {
          resolve();
        }
      });
    });
  }

  /** Everything that was received, once it fits. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received)) {
      await once(this.socket, 'data');
    }
    return this.received;
  }

  /** Everything that was received, once the other side has closed the connection. */
  async untilClosed(): Promise<string> {
    this.socket.resume();
    if (!this.socket.closed) {
      await once(this.socket, 'close');
    }
    return this.received;
  }

  /** Reads nothing from now on, but by `readUpTo` and `untilClosed`. The other side may break the connection. */
  stopReading(): void {
    this.socket.pause().on('error', () => undefined);
  }

  /** Reads until it has received so many bytes in all, or a few more, and stops again. */
  async readUpTo(byteCount: number): Promise<void> {
    this.socket.resume();
    while (this.socket.bytesRead < byteCount) {
      await once(this.socket, 'data');
    }
    this.socket.pause();
  }

  /** Drops the connection without a farewell. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

/** A whole HTTP/1.1 POST of JSON, as text. */
export function rawPost(path: string, body: unknown, headers: Record<string, string> = {}): string {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    Host: 'localhost',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(text)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}
