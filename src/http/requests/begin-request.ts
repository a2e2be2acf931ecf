import type { IncomingHttpHeaders } from 'node:http';
import { parseTraceparent } from '../../tracing/traceparent.js';
import type { Tracer } from '../../tracing/tracer.js';
import { isAskedByMachines } from './machine-paths.js';
import type { RequestContext } from './request-context.js';
import { requestIdOf } from './request-id.js';

export interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** What is known of a request when it arrives, which is now. */
export function beginRequest({ method, path, headers }: ArrivedRequest, tracer: Tracer): RequestContext {
  const arrivedAtMs = performance.now();
  return {
    id: requestIdOf(headers['x-request-id']),
    arrivedAtMs,
    deadlineAtMs: Infinity,
    trace: isAskedByMachines(path)
      ? undefined
      : tracer.begin(
          { method, path, arrivedAtMs },
          parseTraceparent(headers['traceparent'] as string | undefined),
        ),
    logFields: {},
    handled: false,
    isStream: false,
    closed: false,
  };
}
