import type { IncomingMessage } from 'node:http';
import type { RequestTrace, Tracer } from './tracer.js';
import { parseTraceparent } from './traceparent.js';

/** @returns undefined for a request that belongs to no trace */
export type BeginTrace = (
  request: IncomingMessage,
  path: string,
  arrivedAtMs: number,
) => RequestTrace | undefined;

/** @param untracedPaths of what machines ask many times a minute */
export function beginTraceWith(tracer: Tracer, untracedPaths: readonly RegExp[]): BeginTrace {
  return ({ method = '', headers }, path, arrivedAtMs) => {
    const parent = parseTraceparent(headers['traceparent']?.toString());
    return untracedPaths.some((pattern) => pattern.test(path))
      ? undefined
      : tracer.begin({ method, path, arrivedAtMs }, parent);
  };
}
