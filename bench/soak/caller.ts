import { HttpConnection } from '../http-connection.js';
import { type Exchange, expectSame } from './exchange.js';

/** A client with one connection, which it keeps until it hangs up. */
export class Caller {
  private connection: HttpConnection | undefined;
  requestCount = 0;
  answerCount = 0;

  constructor(private readonly url: string) {}

  /** @throws {WrongAnswerError} if the answer is wrong or missing */
  async ask(exchange: Exchange): Promise<void> {
    const connection = await this.connected();
    this.requestCount++;
    expectSame(exchange, await connection.ask(exchange.request));
    this.answerCount++;
  }

  /** Sends the whole request or its first bytes, and is gone before the answer. */
  async abandon(
    { request }: Exchange,
    byteCount = request.length,
    farewell: 'close' | 'reset' = 'close',
  ): Promise<void> {
    const connection = await this.connected();
    this.requestCount++;
    connection.send(request.subarray(0, byteCount), () => undefined);
    connection[farewell]();
    this.connection = undefined;
  }

  hangUp(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private async connected(): Promise<HttpConnection> {
    return (this.connection ??= await HttpConnection.open(this.url));
  }
}
