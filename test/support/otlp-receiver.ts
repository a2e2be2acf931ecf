import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { loadSync } from 'protobufjs';
import { onTestFinished } from 'vitest';

const TRACE_REQUEST = loadSync(join(import.meta.dirname, '../fixtures/otlp-traces.proto')).lookupType(
  'ExportTraceServiceRequest',
);
const PROTOBUF = 'application/x-protobuf';

type Value = { readonly stringValue: string } | { readonly intValue: number | string };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

interface Sent<SpanOf = SentSpan> {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SpanOf[] }[];
  }[];
}

type IdOf = 'traceId' | 'spanId' | 'parentSpanId';
type SentInBytes = Sent<Omit<SentSpan, IdOf> & Readonly<Record<IdOf, Uint8Array>>>;

export interface ReceivedSpan extends Omit<SentSpan, 'attributes' | 'startTimeUnixNano' | 'endTimeUnixNano'> {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly resource: Readonly<Record<string, string | number>>;
}

/** A collector that takes traces by OTLP over HTTP, in protobuf or JSON. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Path and media type of each request. */
  readonly requests: { readonly path: string | undefined; readonly mediaType: string | undefined }[] = [];
  private constructor(private readonly server: Server) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    const receiver = new OtlpReceiver(server);
    server.on('request', (request, response) => {
      const mediaType = request.headers['content-type'];
      receiver.requests.push({ path: request.url, mediaType });
      void read(request).then((sent) => {
        receiver.take(sent);
        // The answer to what was taken whole is an empty message.
        response.setHeader('Content-Type', mediaType ?? '').end(mediaType === PROTOBUF ? '' : '{}');
      });
    });
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return receiver;
  }

  /** Settings with which a service sends its traces here. */
  get settings(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  }

  private take({ resourceSpans }: Sent): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        this.spans.push({
          ...span,
          startNs: BigInt(span.startTimeUnixNano),
          endNs: BigInt(span.endTimeUnixNano),
          attributes: toRecord(span.attributes),
          resource: toRecord(resource.attributes),
        });
      }
    }
  }
}

async function read(request: IncomingMessage): Promise<Sent> {
  const body = await buffer(request);
  return request.headers['content-type'] === PROTOBUF
    ? fromProtobuf(body)
    : (JSON.parse(body.toString()) as Sent);
}

/** @returns what the same would be in JSON: ids in hex, nanoseconds as text */
function fromProtobuf(body: Buffer): Sent {
  const { resourceSpans } = TRACE_REQUEST.toObject(TRACE_REQUEST.decode(body), {
    arrays: true,
    defaults: true,
    longs: String,
  }) as SentInBytes;
  return {
    resourceSpans: resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: scopeSpans.map(({ spans }) => ({
        spans: spans.map((span) => ({
          ...span,
          traceId: hex(span.traceId),
          spanId: hex(span.spanId),
          parentSpanId: hex(span.parentSpanId),
        })),
      })),
    })),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function toRecord(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      // In protobuf it is of 64 bits, which have come as text.
      'intValue' in value ? Number(value.intValue) : value.stringValue,
    ]),
  );
}
