import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { OtlpReceiver, type ReceivedSpan } from './support/otlp-receiver.js';
import { startService } from './support/service.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CALLERS_SPAN_ID = 'b7ad6b7169203331';
const SAMPLED = { traceparent: `00-${TRACE_ID}-${CALLERS_SPAN_ID}-01` };
const NOT_SAMPLED = { traceparent: `00-${TRACE_ID}-${CALLERS_SPAN_ID}-00` };
const BATCH = { customers: [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER] };
const SLOW_MODEL = {
  MODEL_PATH: 'test/fixtures/models/heavy_row.onnx',
  ALLOW_UNVERIFIED_MODEL: 'true',
};
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
  it("continues the caller's trace with a span of the request, of its validation, its wait and its pass", async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService(receiver.settings);
    const { requestId } = await post(`${service.url}/predict/batch`, BATCH, SAMPLED);
    const line = await service.process.requestLine(requestId);
    await request(`${service.url}/health/ready`, { headers: SAMPLED });
    await request(`${service.url}/metrics`, { headers: SAMPLED });
    expect(await service.stop()).toBe(0);

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
  });

  it('begins a trace where the caller sends none, and marks what failed', async () => {
    const receiver = await OtlpReceiver.start();
    const service = await startService({ ...receiver.settings, OTEL_SERVICE_NAME: 'scores' });
    const failed = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { 'X-Request-Timeout-Ms': '1' });
    const refused = await post(`${service.url}/predict`, { ...HIGH_RISK_CUSTOMER, tenure_months: -1 });
    await request(`${service.url}/made-up`);
    const line = await service.process.requestLine(refused.requestId);
    await service.stop();

    const spanOf = (status: number): ReceivedSpan | undefined =>
      receiver.spans.find(({ attributes }) => attributes['http.response.status_code'] === status);
    expect(spanOf(422)).toMatchObject({
      name: 'POST /predict',
      traceId: line['trace_id'],
      spanId: line['span_id'],
      status: { code: 0 },
    });
    expect(spanOf(404)).toMatchObject({ name: 'GET', attributes: { 'url.path': '/made-up' } });
    expect(spanOf(422)?.resource['service.name']).toBe('scores');
    if (failed.status !== 200) {
      expect(spanOf(failed.status)).toMatchObject({
        status: { code: ERROR },
        attributes: { 'error.type': failed.body['code'] },
      });
    }
  });

  it('gives each request that shared a pass its own span of it', async () => {
    const receiver = await OtlpReceiver.start();
    // Its passes take long enough for requests to wait for the next one.
    const service = await startService({ ...receiver.settings, ...SLOW_MODEL });
    await Promise.all(Array.from({ length: 40 }, () => post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)));
    await service.stop();
    const passes = receiver.spans.filter(({ name }) => name === 'inference');
    expect(passes).toHaveLength(40);
    expect(new Set(passes.map(({ traceId }) => traceId)).size).toBe(40);
    expect(Math.max(...passes.map(({ attributes }) => Number(attributes['pass_rows'])))).toBeGreaterThan(1);
    expect(passes.every(({ attributes }) => attributes['request_rows'] === 1)).toBe(true);
  });

  it("records only what is sampled, by the caller or OpenTelemetry's own setting, and logs the ids of all", async () => {
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

  it('that is not there, or never answers, has no request and no exit wait for it', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    for (const endpoint of ['http://127.0.0.1:1', `http://127.0.0.1:${port}`]) {
      const service = await startService({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
      const { status } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
      expect(status).toBe(200);
      expect(await service.stop()).toBe(0);
      expect(service.process.noise).toEqual([]);
    }
    silent.close();
  });
});
