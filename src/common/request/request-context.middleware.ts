import type { NextFunction, Request, Response } from 'express';
import type { BeginTrace } from '../../tracing/begin-trace.js';
import type { ConnectionDrain } from '../connection/connection-drain.js';
import { type RequestContext, runInRequest } from './request-context.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';
import type { RequestLog } from './request-log.js';
import { pathOf } from './request-path.js';

/** Follows each request from its arrival to its end. It must come before every other middleware. */
export function requestContextMiddleware(
  requestLog: RequestLog,
  connectionDrain: ConnectionDrain,
  beginTrace: BeginTrace,
) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const arrivedAtMs = performance.now();
    const context: RequestContext = {
      id: requestIdOf(request),
      arrivedAtMs,
      deadlineAtMs: Infinity,
      trace: beginTrace(request, pathOf(request), arrivedAtMs),
      logFields: {},
      handled: false,
      closed: false,
    };
    response.setHeader(REQUEST_ID_HEADER, context.id);
    // Of helmet's headers, which the docs have, it is the one that matters for JSON.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    connectionDrain.track(response, context);
    response.once('close', () => {
      context.closed = true;
      connectionDrain.untrack(response);
      if (!context.handled) {
        requestLog.write(context, request, response);
      }
    });
    runInRequest(context, next);
  };
}
