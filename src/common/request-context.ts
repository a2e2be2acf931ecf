import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

/** What the service knows of a request from its arrival to its log line. */
export interface RequestContext {
  readonly id: string;
  /** On the clock of `performance.now()`. */
  readonly arrivedAtMs: number;
  /** Further fields of the request's log line. */
  readonly logFields: Record<string, unknown>;
  /** Set once a handler's interceptor has taken charge of the log line. */
  handled: boolean;
}

const REQUEST_ID_HEADER = 'X-Request-Id';
const SANE_REQUEST_ID = /^[\w.:=+/@-]{1,128}$/;

const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the running code works for, if any. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Adds fields to the current request's log line. */
export function annotateRequestLog(fields: Record<string, unknown>): void {
  Object.assign(currentRequest()?.logFields ?? {}, fields);
}

/**
 * Opens the context of a request. It must come before every other middleware.
 *
 * @param onClose called once, when the response is sent or the client is gone
 */
export function requestContext(
  onClose: (context: RequestContext, request: Request, response: Response) => void,
) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const offered = request.get(REQUEST_ID_HEADER);
    const context: RequestContext = {
      id: offered !== undefined && SANE_REQUEST_ID.test(offered) ? offered : randomUUID(),
      arrivedAtMs: performance.now(),
      logFields: {},
      handled: false,
    };
    response.setHeader(REQUEST_ID_HEADER, context.id);
    response.once('close', () => {
      onClose(context, request, response);
    });
    storage.run(context, next);
  };
}
