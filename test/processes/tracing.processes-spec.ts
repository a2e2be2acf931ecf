import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENDLESS_CUSTOMER, startWithEndlessModel } from '../support/endless-model.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import type { ReceivedSpan } from '../support/otlp-traces.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { type LogLine, type Service, startService, TAKES_BURSTS } from '../support/service.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLERS_SPAN_ID = 'b7ad6b7169203331';
const SAMPLED = { traceparent: `00-${TRACE_ID}-${CALLERS_SPAN_ID}-01` };
const NOT_SAMPLED = { traceparent: `00-${TRACE_ID}-${CALLERS_SPAN_ID}-00` };
const BATCH = { customers: [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER] };
const SERVER = 2;
const ERROR = 2;

/** The only one of this name. */
function named(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const [span, ...others] = spans.filter((candidate) => candidate.name === name);
  if (span === undefined || others.length > 0) {
    throw new Error(`${others.length + Number(span !== undefined)} spans are named ${name}.`);
  }
  return span;
}

function withStatus(spans: readonly ReceivedSpan[], status: number): ReceivedSpan | undefined {
  return spans.find(({ attributes }) => attributes['http.response.status_code'] === status);
}

function failuresToSend({ process }: Service): LogLine[] {
  return process.lines.filter(({ msg }) => msg === 'traces could not be sent');
}

describe('without a collector', () => {
  it("a caller's trace is in the log lines of its request", async () => {
    const service = await startService();
    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, SAMPLED);
    expect(await service.process.requestLine(requestId)).toMatchObject({
      trace_id: TRACE_ID,
      span_id: CALLERS_SPAN_ID,
    });
    await service.stop();
  });

  it.each([{}, { traceparent: `00-${'0'.repeat(32)}-${CALLERS_SPAN_ID}-01` }])(
    'log lines have no ids of a trace with the headers %j',
    async (headers) => {
      const service = await startService();
      const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, headers);
      const line = await service.process.requestLine(requestId);
      expect(line).not.toHaveProperty('trace_id');
      expect(line).not.toHaveProperty('span_id');
      await service.stop();
    },
  );

  it.each([
    { collector: '', isLoaded: false },
    { collector: 'http://127.0.0.1:1', isLoaded: true },
  ])('the SDK is loaded: $isLoaded with the collector "$collector"', async ({ collector, isLoaded }) => {
    const directory = mkdtempSync(join(tmpdir(), 'loaded-files-'));
    const service = await startService({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      // Node writes down all that it has loaded.
      NODE_V8_COVERAGE: directory,
    });
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(await service.stop()).toBe(0);
    const loaded = readdirSync(directory).flatMap((file) => {
      const coverage = readFileSync(join(directory, file), 'utf8');
      return (JSON.parse(coverage) as { result: { url: string }[] }).result.map(({ url }) => url);
    });
    rmSync(directory, { recursive: true });
    expect(loaded.some((url) => url.endsWith('/bundle/main.js'))).toBe(true);
    expect(loaded.some((url) => url.includes('/bundle/open-telemetry-'))).toBe(isLoaded);
  });
});

describe('with a collector', () => {
  it('records an explanation as one span, however many passes it takes', async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService(receiver.settings);
    const { body } = await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER, SAMPLED);
    expect(await service.stop()).toBe(0);
    expect(receiver.spans.map(({ name }) => name).sort()).toEqual([
      'POST /predict/explain',
      'explanation',
      'validation',
    ]);
    const { model_evaluations } = body['method'] as { model_evaluations: number };
    expect(named(receiver.spans, 'explanation').attributes).toEqual({ customers: 1, model_evaluations });
  });

  it.each([
    { settings: {}, mediaType: 'application/x-protobuf' },
    { settings: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, mediaType: 'application/json' },
  ])(
    "continues the caller's trace with spans of the request and its parts, in $mediaType",
    async (protocol) => {
      const receiver = await OtlpReceiver.start();
      const service = await startService({ ...receiver.settings, ...protocol.settings });
      const { requestId } = await post(`${service.url}/predict/batch`, BATCH, SAMPLED);
      const line = await service.process.requestLine(requestId);
      await request(`${service.url}/health/ready`, { headers: SAMPLED });
      await request(`${service.url}/metrics`, { headers: SAMPLED });
      expect(await service.stop()).toBe(0);

      expect(receiver.requests).toEqual([{ path: '/v1/traces', mediaType: protocol.mediaType }]);
      const { spans } = receiver;
      expect(spans).toHaveLength(4);
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE_ID]));
      const server = named(spans, 'POST /predict/batch');
      expect(server).toMatchObject({
        kind: SERVER,
        parentSpanId: CALLERS_SPAN_ID,
        attributes: {
          'http.request.method': 'POST',
          'http.route': '/predict/batch',
          'url.path': '/predict/batch',
          'http.response.status_code': 200,
        },
      });
      expect(server.resource).toMatchObject({ 'service.name': 'churn-model-api' });
      expect(line).toMatchObject({ trace_id: TRACE_ID, span_id: server.spanId });
      expect(named(spans, 'inference').attributes).toEqual({ request_rows: 3, pass_rows: 3 });

      const parts = ['validation', 'queue', 'inference'].map((name) => named(spans, name));
      let previousEndNs = server.startNs;
      for (const { parentSpanId, startNs, endNs } of parts) {
        expect(parentSpanId).toBe(server.spanId);
        expect(startNs).toBeGreaterThanOrEqual(previousEndNs);
        expect(endNs).toBeGreaterThanOrEqual(startNs);
        previousEndNs = endNs;
      }
      expect(server.endNs).toBeGreaterThanOrEqual(previousEndNs);
    },
  );

  it('gets the same spans over gRPC', async () => {
    const receiver = await OtlpReceiver.startGrpc();
    const service = await startService({ ...receiver.settings, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, SAMPLED);
    expect(await service.stop()).toBe(0);
    expect(receiver.requests).toEqual([
      {
        path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        mediaType: 'application/grpc',
      },
    ]);
    expect(receiver.spans.map(({ name }) => name).sort()).toEqual([
      'POST /predict',
      'inference',
      'queue',
      'validation',
    ]);
    expect(failuresToSend(service)).toEqual([]);
  });

  it('gets nothing if the SDK is switched off, and log lines have only the ids that callers sent', async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService({ ...receiver.settings, OTEL_SDK_DISABLED: 'true' });
    const [without, withParent] = [
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER),
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, SAMPLED),
    ];
    expect(await service.process.requestLine(without.requestId)).not.toHaveProperty('trace_id');
    expect(await service.process.requestLine(withParent.requestId)).toMatchObject({
      trace_id: TRACE_ID,
      span_id: CALLERS_SPAN_ID,
    });
    await service.stop();
    expect(receiver.requests).toEqual([]);
  });

  it('tells times of day as the log does, also after the clock was set', async () => {
    const hourMs = 3_600_000;
    const setBack = `const { now } = Date; Date.now = () => now() - ${hourMs};`;
    const receiver = await OtlpReceiver.start();
    const service = await startService({
      ...receiver.settings,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(setBack)}`,
    });
    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    const { time } = await service.process.requestLine(requestId);
    await service.stop();
    const { startNs, endNs } = named(receiver.spans, 'POST /predict');
    const loggedMs = Date.parse(String(time));
    expect(loggedMs).toBeLessThan(Date.now() - hourMs / 2);
    expect(Math.abs(loggedMs - Number(endNs / 1_000_000n))).toBeLessThan(hourMs / 2);
    expect(endNs).toBeGreaterThanOrEqual(startNs);
  });

  it('begins a trace where the caller sends none', async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService({ ...receiver.settings, OTEL_SERVICE_NAME: 'scores' });
    const refused = await post(`${service.url}/predict`, { ...HIGH_RISK_CUSTOMER, tenure_months: -1 });
    await request(`${service.url}/made-up`);
    const line = await service.process.requestLine(refused.requestId);
    await service.stop();

    expect(withStatus(receiver.spans, 422)).toMatchObject({
      name: 'POST /predict',
      traceId: line['trace_id'],
      spanId: line['span_id'],
      parentSpanId: '',
      status: { code: 0 },
      resource: { 'service.name': 'scores' },
    });
    expect(named(receiver.spans, 'validation').traceId).toBe(line['trace_id']);
    expect(withStatus(receiver.spans, 404)).toMatchObject({
      name: 'GET',
      attributes: { 'url.path': '/made-up' },
    });
  });

  it('marks a request that failed, and shows how long it had waited', async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startWithEndlessModel(receiver.settings);
    // Its pass never ends, so that the next one waits in vain.
    const budget = { 'X-Request-Timeout-Ms': '2000' };
    await post(`${service.url}/predict`, ENDLESS_CUSTOMER, budget);
    const late = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, {
      ...SAMPLED,
      'X-Request-Timeout-Ms': '50',
    });
    expect(late.status).toBe(504);
    await service.stop();

    const spans = receiver.spans.filter(({ traceId }) => traceId === TRACE_ID);
    expect(named(spans, 'POST /predict')).toMatchObject({
      status: { code: ERROR },
      attributes: { 'http.response.status_code': 504, 'error.type': 'deadline_exceeded' },
    });
    const wait = named(spans, 'queue');
    expect(wait.endNs - wait.startNs).toBeGreaterThan(10_000_000n);
    expect(spans.map(({ name }) => name)).not.toContain('inference');
  });

  it('gives each request that shared a pass its own span of it', async () => {
    const callers = 40;
    const receiver = await OtlpReceiver.start();
    const service = await startService({ ...receiver.settings, ...TAKES_BURSTS });
    const connections = await Promise.all(
      Array.from({ length: callers }, () => RawConnection.open(service.port)),
    );
    // A server accepts connections one by one; an answer shows that it has accepted this one.
    await Promise.all(
      connections.map(async (connection) => {
        await connection.send('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await connection.until(/"status":"ok"/);
      }),
    );
    // While the service stands still, all requests arrive.
    service.process.signal('SIGSTOP');
    const prediction = rawPost('/predict', HIGH_RISK_CUSTOMER, { Connection: 'close' });
    await Promise.all(connections.map((connection) => connection.send(prediction)));
    service.process.signal('SIGCONT');
    await Promise.all(connections.map((connection) => connection.untilClosed()));
    await service.stop();

    const passes = receiver.spans.filter(({ name }) => name === 'inference');
    expect(passes).toHaveLength(callers);
    expect(new Set(passes.map(({ traceId }) => traceId)).size).toBe(callers);
    const rowsOfPass = passes.map(({ attributes }) => Number(attributes['pass_rows']));
    expect(Math.max(...rowsOfPass)).toBeGreaterThan(1);
    // As many spans tell of a pass as it had rows.
    expect(Math.round(rowsOfPass.reduce((sum, rows) => sum + 1 / rows, 0) * 1e6) % 1e6).toBe(0);
    expect(passes.every(({ attributes }) => attributes['request_rows'] === 1)).toBe(true);
  });

  it("records only sampled requests, by the caller or OpenTelemetry's own setting, and logs the ids of all", async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService({
      ...receiver.settings,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, NOT_SAMPLED);
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, SAMPLED);
    expect(await service.process.requestLine(requestId)).toMatchObject({ trace_id: TRACE_ID });
    await service.stop();
    expect(receiver.spans).toHaveLength(4);
  });

  it('sends the spans of every worker', async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService({ ...receiver.settings, WORKERS: '2' });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    for (let count = 0; count < 8; count++) {
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' });
    }
    expect(await service.stop()).toBe(0);
    expect(receiver.spans.filter(({ kind }) => kind === SERVER)).toHaveLength(8);
  });

  it('that is not there, or never answers, holds up no request and no exit, and a line says so', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    for (const endpoint of ['http://127.0.0.1:1', `http://127.0.0.1:${port}`]) {
      const service = await startService({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
      const { status } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
      expect(status).toBe(200);
      expect(await service.stop()).toBe(0);
      expect(service.process.noise).toEqual([]);
      expect(failuresToSend(service)).toMatchObject([
        { level: 'warn', reason: 'The collector did not take the last ones within 2000 ms.' },
      ]);
    }
    silent.close();
  });

  it('that is gone for long is logged once, not for each batch of spans', async () => {
    let refusals = 0;
    const collector = createHttpServer((_request, response) => {
      refusals++;
      response.writeHead(400).end();
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const { port } = collector.address() as AddressInfo;
    const service = await startService({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '1',
    });
    while (refusals < 3) {
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    }
    expect(await service.stop()).toBe(0);
    collector.close();
    expect(service.process.noise).toEqual([]);
    const failures = failuresToSend(service);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ level: 'warn', reason: 'Bad Request' });
    // It is about none of the requests, though one of them started the timer.
    expect(failures[0]).not.toHaveProperty('request_id');
    expect(failures[0]).not.toHaveProperty('trace_id');
  });
});
