import { join } from 'node:path';
import { loadSync } from 'protobufjs';

const TRACE_REQUEST = loadSync(join(import.meta.dirname, '../fixtures/otlp-traces.proto')).lookupType(
  'ExportTraceServiceRequest',
);

// In protobuf an integer is of 64 bits, which come as text.
type Value = { readonly stringValue: string } | { readonly intValue: number | string };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

interface SentSpan<Id = string> {
  readonly traceId: Id;
  readonly spanId: Id;
  readonly parentSpanId?: Id;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

interface Sent<Id = string> {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan<Id>[] }[];
  }[];
}

export interface ReceivedSpan extends Omit<SentSpan, 'attributes' | 'startTimeUnixNano' | 'endTimeUnixNano'> {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resource: Readonly<Record<string, string | number>>;
}

/** Reads a request of OTLP in JSON. */
export function spansOfJson(body: Buffer): ReceivedSpan[] {
  return spansOf(JSON.parse(body.toString()) as Sent, (id) => id);
}

/** Reads a request of OTLP in protobuf. */
export function spansOfProtobuf(body: Buffer): ReceivedSpan[] {
  const sent = TRACE_REQUEST.toObject(TRACE_REQUEST.decode(body), {
    arrays: true,
    defaults: true,
    longs: String,
  }) as Sent<Uint8Array>;
  return spansOf(sent, (id) => Buffer.from(id).toString('hex'));
}

function spansOf<Id>({ resourceSpans }: Sent<Id>, hex: (id: Id) => string): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        ...span,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: span.parentSpanId === undefined ? '' : hex(span.parentSpanId),
        startNs: BigInt(span.startTimeUnixNano),
        endNs: BigInt(span.endTimeUnixNano),
        attributes: toRecord(span.attributes),
        resource: toRecord(resource.attributes),
      })),
  );
}

function toRecord(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      'intValue' in value ? Number(value.intValue) : value.stringValue,
    ]),
  );
}
