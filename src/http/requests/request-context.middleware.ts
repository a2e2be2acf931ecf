import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { TRACER, type Tracer } from '../../tracing/tracer.js';
import { ConnectionDrain } from '../connections/connection-drain.js';
import { beginRequest } from './begin-request.js';
import { runInRequest } from './request-context.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import { RequestLog } from './request-log.js';
import { pathOf } from './request-path.js';

/** Follows each request from its arrival to its end. It must come before every other middleware. */
@Injectable()
export class RequestContextMiddleware implements NestMiddleware {
  constructor(
    private readonly requestLog: RequestLog,
    private readonly connections: ConnectionDrain,
    @Inject(TRACER) private readonly tracer: Tracer,
  ) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const { method, headers } = request;
    const context = beginRequest({ method, path: pathOf(request), headers }, this.tracer);
    response.setHeader(REQUEST_ID_HEADER, context.id);
    // Of helmet's headers, which the docs have, it is the one that matters for JSON.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    this.connections.track(response, context);
    response.once('close', () => {
      context.closed = true;
      this.connections.untrack(response);
      if (!context.handled) {
        this.requestLog.write(context, request, response);
      }
    });
    runInRequest(context, next);
  }
}
