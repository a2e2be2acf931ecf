import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestTrace } from '../../tracing/tracer.js';

/** The facts about a request, from its arrival to its log line. */
export interface RequestContext {
  readonly id: string;
  /** On the clock of `performance.now()`. */
  readonly arrivedAtMs: number;
  /** After it an answer is useless. On the same clock. */
  deadlineAtMs: number;
  readonly trace: RequestTrace | undefined;
  /** Further fields of the request's log line. */
  readonly logFields: Record<string, unknown>;
  /** Set once a handler's interceptor has taken charge of the log line. */
  handled: boolean;
  /** Set by a handler that reads the body and writes the answer for hours, and itself gives up a client that does not get on. */
  isStream: boolean;
  /** Set once the answer is sent, or the connection is closed before. */
  closed: boolean;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and all that it starts, for this request. */
export function runInRequest(context: RequestContext, work: () => void): void {
  storage.run(context, work);
}

/** The request that the running code works for, if any. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Adds fields to the current request's log line. */
export function annotateRequestLog(fields: Record<string, unknown>): void {
  Object.assign(currentRequest()?.logFields ?? {}, fields);
}
