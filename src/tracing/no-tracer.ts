import type { RequestTrace, TracedRequest, Tracer } from './tracer.js';
import type { TraceParent } from './traceparent.js';

/** Records nothing: log lines have the ids that the caller sent, if any. */
export const NO_TRACER: Tracer = {
  begin: (_request: TracedRequest, parent: TraceParent | undefined): RequestTrace | undefined =>
    parent && { traceId: parent.traceId, spanId: parent.spanId, record: ignore, end: ignore },
  close: () => Promise.resolve(),
};

function ignore(): void {
  // Nobody wants to know.
}
