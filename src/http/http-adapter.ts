import { createServer, type Server } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Settings } from '../config/settings.js';

/** Headers come in one piece, or from somebody who wants to hold connections. */
const LONGEST_HEADERS_MS = 10_000;
const LARGEST_HEADERS_BYTES = 16_384;
/** How late Node may notice that a request takes too long to arrive. */
const TIMEOUT_CHECK_MS = 500;

/** Nest's Express on an HTTP server that gives slow clients up. Some of these bounds can be set on a new server only. */
export class HttpAdapter extends ExpressAdapter {
  declare protected httpServer: Server;

  constructor(private readonly settings: Settings) {
    super();
  }

  override initHttpServer(): void {
    const { receiveTimeoutMs, keepAliveTimeoutMs } = this.settings;
    this.httpServer = createServer(
      {
        maxHeaderSize: LARGEST_HEADERS_BYTES,
        headersTimeout: Math.min(LONGEST_HEADERS_MS, receiveTimeoutMs),
        requestTimeout: receiveTimeoutMs,
        keepAliveTimeout: keepAliveTimeoutMs,
        connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      },
      this.getInstance(),
    );
  }
}
