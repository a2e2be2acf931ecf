import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import type { Settings } from '../config/settings.js';
import { isPlainObject, JsonText } from './json-text.js';
import { readTlsFiles, tlsServerOptions } from './tls-files.js';

/** Headers come in one piece, or from somebody who wants to hold connections. */
const LONGEST_HEADERS_MS = 10_000;
const LARGEST_HEADERS_BYTES = 16_384;
/** How late Node may notice that a request takes too long to arrive. */
const TIMEOUT_CHECK_MS = 500;

/** Nest's Express on an HTTP server that gives slow clients up. Some of these bounds can be set on a new server only. */
export class HttpAdapter extends ExpressAdapter {
  declare protected httpServer: Server | TlsServer;

  constructor(private readonly settings: Settings) {
    super();
  }

  /** @throws {SettingsError} if the files of TLS cannot be used */
  override initHttpServer(): void {
    const { receiveTimeoutMs, keepAliveTimeoutMs } = this.settings;
    const bounds: ServerOptions = {
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      headersTimeout: Math.min(LONGEST_HEADERS_MS, receiveTimeoutMs),
      requestTimeout: receiveTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    };
    const files = readTlsFiles(this.settings);
    this.httpServer =
      files === undefined
        ? createServer(bounds, this.getInstance())
        : createTlsServer({ ...bounds, ...tlsServerOptions(files, 'http/1.1') }, this.getInstance());
  }

  /**
   * Writes JSON itself: head and body in one piece. Express reads and rewrites the content type, and makes a buffer of a
   * longer text: up to a sixth of the CPU time of a prediction.
   */
  override reply(response: Response, body: unknown, statusCode?: number): unknown {
    let text: string;
    if (body instanceof JsonText) {
      ({ text } = body);
    } else if (isPlainObject(body) && !response.hasHeader('Content-Type')) {
      text = JSON.stringify(body);
    } else {
      return super.reply(response, body, statusCode);
    }
    if (statusCode !== undefined) {
      response.statusCode = statusCode;
    }
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(text));
    return response.end(text);
  }
}
