import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGzip, type Gzip } from 'node:zlib';
import type { Request, Response } from 'express';

/** A client that does not close its side of a broken-off answer is given so long to read the rest. */
const LINGER_MS = 2000;

/** The body of an answer, compressed if the client likes. */
export class AnswerStream {
  private readonly gzip: Gzip | undefined;
  private readonly body: Writable;

  constructor(
    private readonly request: Request,
    private readonly response: Response,
    mediaType: string,
  ) {
    response.status(200).setHeader('Content-Type', `${mediaType}; charset=utf-8`);
    response.setHeader('Vary', 'Accept-Encoding');
    // Otherwise a proxy, such as nginx, would keep the answer until it is whole.
    response.setHeader('X-Accel-Buffering', 'no');
    if (request.acceptsEncodings('gzip', 'identity') === 'gzip') {
      response.setHeader('Content-Encoding', 'gzip');
      this.gzip = createGzip({ level: constants.Z_BEST_SPEED });
      this.gzip.pipe(response, { end: false });
    }
    // The connection ends with the answer, be it whole or not.
    response.shouldKeepAlive = false;
    this.body = this.gzip ?? response;
    response.flushHeaders();
  }

  /** Resolves when there is room for more. */
  async write(text: string): Promise<void> {
    if (text !== '' && !this.body.write(text)) {
      await once(this.body, 'drain');
    }
  }

  /** Ends an answer that is whole. */
  async end(text: string): Promise<void> {
    this.body.write(text);
    await this.endGzip();
    this.response.end();
  }

  /**
   * Sends the text and closes the connection without the end that HTTP gives to an answer, so that no client takes a part for the
   * whole.
   */
  breakOff(text: string): void {
    const { request, response } = this;
    const { socket } = response;
    if (socket === null || response.destroyed) {
      response.destroy();
      return;
    }
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
    this.body.write(text);
    void this.endGzip().then(async () => {
      // Node keeps what was written in this turn until its end.
      await nextTurn();
      socket.end();
      // Bytes that still come are read and dropped: a connection that is closed with unread bytes takes the answer from its client.
      request.unpipe();
      request.resume();
    });
  }

  private async endGzip(): Promise<void> {
    if (this.gzip !== undefined) {
      this.gzip.end();
      await once(this.gzip, 'end');
    }
  }
}
