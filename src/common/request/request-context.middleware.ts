import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { ConnectionDrain } from '../connection/connection-drain.js';
import { REQUEST_ID_HEADER, type RequestContext, runInRequest } from './request-context.js';
import type { RequestLog } from './request-log.js';

const SANE_REQUEST_ID = /^[\w.:=+/@-]{1,128}$/;

/** Follows each request from its arrival to its end. It must come before every other middleware. */
export function requestContextMiddleware(requestLog: RequestLog, connectionDrain: ConnectionDrain) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const offered = request.get(REQUEST_ID_HEADER);
    const context: RequestContext = {
      id: offered !== undefined && SANE_REQUEST_ID.test(offered) ? offered : randomUUID(),
      arrivedAtMs: performance.now(),
      deadlineAtMs: Infinity,
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
