import type { TraceParent } from './traceparent.js';

export type SpanAttributes = Readonly<Record<string, string | number>>;

/** How a request ended. */
export interface TracedOutcome {
  /** Absent if no route was reached. */
  readonly route: string | undefined;
  readonly status: number;
  /** Of the problem, if it ended in one. */
  readonly code: string | undefined;
}

/** The trace that a request belongs to. All times are on the clock of `performance.now()`. */
export interface RequestTrace {
  readonly traceId: string;
  /** For log lines: the span of this request, or the caller's span if none is recorded here. */
  readonly spanId: string;
  /** A part of the request's work that is done. */
  record(name: string, startedAtMs: number, endedAtMs: number, attributes?: SpanAttributes): void;
  end(outcome: TracedOutcome): void;
}

export interface TracedRequest {
  readonly method: string;
  readonly path: string;
  readonly arrivedAtMs: number;
}

/** Injects the one of the process. */
export const TRACER = Symbol('TRACER');

/** Records the course of requests as spans. */
export interface Tracer {
  begin(request: TracedRequest, parent: TraceParent | undefined): RequestTrace | undefined;
  /** Resolves when the recorded spans are sent, or cannot be sent. */
  close(): Promise<void>;
}
