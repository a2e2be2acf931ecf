import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Context,
  diag,
  DiagLogLevel,
  isValidTraceId,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer as OpenTelemetryTracer,
} from '@opentelemetry/api';
import {
  defaultResource,
  hostDetector,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Logger } from 'pino';
import type { UrlScheme } from '../config/url-scheme.js';
import type { RequestTrace, SpanAttributes, TracedOutcome, TracedRequest, Tracer } from './tracer.js';
import type { TraceParent } from './traceparent.js';

const SERVICE_NAME = 'churn-model-api';

/** A collector that does not answer holds the exit up for no longer than this. */
const LONGEST_FLUSH_MS = 2000;
/** A line for each batch of spans that cannot be sent would hide the others. */
const LOG_INTERVAL_MS = 60_000;

/**
 * Sends spans to the collector at OTEL_EXPORTER_OTLP_ENDPOINT. The SDK reads the other variables of OpenTelemetry itself.
 *
 * Spans are recorded from times that the service takes anyway: nothing is patched, and what is not sampled costs next to
 * nothing. This file is imported only if there is a collector.
 */
export function startOpenTelemetry(logger: Logger, scheme: UrlScheme): Tracer {
  const warn = rareWarning(logger);
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const sdk = new NodeSDK({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': SERVICE_NAME })),
    resourceDetectors: [resourceAttributesEnvDetector, serviceNameEnvDetector, hostDetector],
    textMapPropagator: null,
    // Metrics are Prometheus's, and logs the collector's that reads stdout.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  const tracer = trace.getTracer(SERVICE_NAME);
  return {
    begin: (request, parent) => {
      const recorded = new RecordedTrace(tracer, request, scheme, parent);
      // An SDK that is switched off by OTEL_SDK_DISABLED has no ids of its own.
      return isValidTraceId(recorded.traceId) ? recorded : undefined;
    },
    close: async () => {
      const failure = await Promise.race([
        sdk.shutdown().then(() => undefined, String),
        delay(LONGEST_FLUSH_MS, `The collector did not take the last ones within ${LONGEST_FLUSH_MS} ms.`),
      ]);
      if (failure !== undefined) {
        warn(failure);
      }
    },
  };
}

class RecordedTrace implements RequestTrace {
  /**
   * From the clock of `performance.now()` to the time of day, as log lines have it. It changes while a service runs for
   * weeks, but must not during a request, whose spans would no longer lie within each other.
   */
  // oxlint-disable-next-line no-restricted-properties -- No duration: it is the time of day that is wanted.
  private readonly epochOffsetMs = Date.now() - performance.now();
  private readonly span: Span;
  private readonly context: Context;

  constructor(
    private readonly tracer: OpenTelemetryTracer,
    private readonly request: TracedRequest,
    scheme: UrlScheme,
    parent: TraceParent | undefined,
  ) {
    const { method, path, arrivedAtMs } = request;
    this.span = tracer.startSpan(
      method,
      {
        kind: SpanKind.SERVER,
        startTime: this.epochOffsetMs + arrivedAtMs,
        attributes: { 'http.request.method': method, 'url.path': path, 'url.scheme': scheme },
      },
      contextOf(parent),
    );
    this.context = trace.setSpan(ROOT_CONTEXT, this.span);
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get spanId(): string {
    return this.span.spanContext().spanId;
  }

  record(name: string, startedAtMs: number, endedAtMs: number, attributes: SpanAttributes = {}): void {
    if (this.span.isRecording()) {
      this.tracer
        .startSpan(name, { startTime: this.epochOffsetMs + startedAtMs, attributes }, this.context)
        .end(this.epochOffsetMs + endedAtMs);
    }
  }

  end({ route, status, code }: TracedOutcome): void {
    const { span } = this;
    if (route !== undefined) {
      span.updateName(`${this.request.method} ${route}`);
      span.setAttribute('http.route', route);
    }
    span.setAttribute('http.response.status_code', status);
    if (status >= 500) {
      span.setAttribute('error.type', code ?? String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(this.epochOffsetMs + performance.now());
  }
}

function contextOf(parent: TraceParent | undefined): Context {
  return parent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
        isRemote: true,
      });
}

function rareWarning(logger: Logger): (reason: string) => void {
  // The timers of the SDK are started by requests: without this, the line would have the ids of one of them.
  const outsideOfRequests = AsyncLocalStorage.snapshot();
  let loggedAtMs = -Infinity;
  return (reason) => {
    const nowMs = performance.now();
    if (nowMs - loggedAtMs >= LOG_INTERVAL_MS) {
      loggedAtMs = nowMs;
      outsideOfRequests(() => {
        logger.warn({ reason: messageOf(reason) }, 'traces could not be sent');
      });
    }
  };
}

/** The SDK tells of an error in JSON, with its stack. */
function messageOf(reason: string): string {
  try {
    const { message } = JSON.parse(reason) as { readonly message?: unknown };
    return typeof message === 'string' ? message : reason;
  } catch {
    return reason;
  }
}
