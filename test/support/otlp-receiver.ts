import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type ReceivedSpan, spansOfJson, spansOfProtobuf } from './otlp-traces.js';

const PROTOBUF = 'application/x-protobuf';
/** Of a gRPC message: a byte that says whether it is compressed, and four of its length. */
const GRPC_PREFIX_BYTES = 5;

/** A collector that takes traces by OTLP. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Path and media type of each request. */
  readonly requests: { readonly path: string | undefined; readonly mediaType: string | undefined }[] = [];

  private constructor(private readonly server: Server | Http2Server) {}

  /** Over HTTP/1.1, in protobuf or JSON. */
  static async start(): Promise<OtlpReceiver> {
    const server = createServer();
    const receiver = new OtlpReceiver(server);
    server.on('request', (request, response) => {
      const mediaType = request.headers['content-type'];
      receiver.requests.push({ path: request.url, mediaType });
      void buffer(request).then((body) => {
        receiver.spans.push(...(mediaType === PROTOBUF ? spansOfProtobuf(body) : spansOfJson(body)));
        // An empty message says that everything was accepted.
        response.setHeader('Content-Type', mediaType ?? '').end(mediaType === PROTOBUF ? '' : '{}');
      });
    });
    onTestFinished(() => {
      server.closeAllConnections();
    });
    return receiver.listen();
  }

  /** Over gRPC, without TLS. */
  static async startGrpc(): Promise<OtlpReceiver> {
    const server = createHttp2Server();
    const receiver = new OtlpReceiver(server);
    server.on('stream', (stream: ServerHttp2Stream, headers) => {
      receiver.requests.push({ path: headers[':path'], mediaType: headers['content-type'] });
      void buffer(stream).then((message) => {
        receiver.spans.push(...spansOfProtobuf(message.subarray(GRPC_PREFIX_BYTES)));
        stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => {
          stream.sendTrailers({ 'grpc-status': '0' });
        });
        stream.end(Buffer.alloc(GRPC_PREFIX_BYTES));
      });
    });
    return receiver.listen();
  }

  /** Settings with which a service sends its traces here. */
  get settings(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  }

  private async listen(): Promise<this> {
    onTestFinished(() => {
      this.server.close();
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }
}
