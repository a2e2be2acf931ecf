import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CRM_KEY, keyEntry } from './support/api-keys.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { RawConnection, rawPost } from './support/raw-connection.js';
import { type Service, startService } from './support/service.js';
import { SERVICE_VERSION } from './support/service-version.js';

const BATCH = { customers: [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER] };
const MANIFEST = JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as {
  reference: { rows: number; probability_histogram: { edges: number[]; counts: number[] } };
};

const BUILD_INFO = {
  labels: { version: SERVICE_VERSION, node_version: process.versions.node },
  value: 1,
};

describe('GET /metrics', () => {
  it("is Prometheus' text format, and logged at debug only", async () => {
    const service = await startService();
    const { status, headers, requestId } = await request(`${service.url}/metrics`);
    expect(status).toBe(200);
    expect(headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('Cache-Control')).toBe('no-store');
    await service.stop();
    expect(service.process.lines.some(({ request_id }) => request_id === requestId)).toBe(false);
  });

  it('counts and times requests by method, route and status, and problems by code', async () => {
    const service = await startService();
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await post(`${service.url}/predict/batch`, BATCH);
    await post(`${service.url}/predict`, { ...HIGH_RISK_CUSTOMER, tenure_months: -1 });
    await request(`${service.url}/made-up/1`);
    await request(`${service.url}/made-up/2`);
    const broken = await RawConnection.open(service.port);
    await broken.send('no HTTP\r\n\r\n');
    await broken.untilClosed();

    const scrape = await Scrape.of(service.url);
    const counted = (method: string, route: string, status: string): number =>
      scrape.sum('http_request_duration_seconds_count', { method, route, status });
    expect(counted('POST', '/predict', '200')).toBe(2);
    expect(counted('POST', '/predict', '422')).toBe(1);
    expect(counted('POST', '/predict/batch', '200')).toBe(1);
    expect(counted('GET', 'none', '404')).toBe(2);
    expect(counted('none', 'none', '400')).toBe(1);
    expect(scrape.sum('http_problems_total')).toBe(4);
    expect(scrape.sum('http_problems_total', { code: 'validation_failed' })).toBe(1);
    expect(scrape.sum('http_problems_total', { code: 'not_found' })).toBe(2);
    expect(scrape.sum('http_problems_total', { code: 'malformed_request' })).toBe(1);
    const labels = { method: 'POST', route: '/predict', status: '200' };
    const seconds = scrape.sum('http_request_duration_seconds_sum', labels);
    expect(seconds).toBeGreaterThan(scrape.sum('prediction_duration_seconds_sum') / 3);
    expect(seconds).toBeLessThan(10);
    await service.stop();
  });

  it('shows the requests in flight, including the scrape itself', async () => {
    const service = await startService();
    const waiting = await RawConnection.open(service.port);
    await waiting.send('POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{');
    await request(`${service.url}/health/live`, { headers: { Connection: 'close' } });
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('http_requests_in_flight')).toBe(2);
    expect(scrape.sum('http_connections')).toBe(2);
    expect(scrape.sum('model_rows_waiting')).toBe(0);
    expect(scrape.sum('model_rows_in_flight')).toBe(0);
    waiting.reset();
    await service.stop();
  });

  it('counts rows, passes, tiers and probabilities as they were served', async () => {
    const service = await startService();
    const { body } = await post(`${service.url}/predict/batch`, BATCH);
    const single = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER);
    const predictions = [...(body['predictions'] as Record<string, unknown>[]), single.body];

    const scrape = await Scrape.of(service.url);
    for (const tier of ['LOW', 'MEDIUM', 'HIGH']) {
      expect(scrape.sum('churn_predictions_total', { risk_tier: tier })).toBe(
        predictions.filter(({ risk_tier }) => risk_tier === tier).length,
      );
    }
    for (const { labels, value } of scrape.samples('churn_probability_bucket')) {
      const le = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      expect(value).toBe(
        predictions.filter(({ churn_probability }) => Number(churn_probability) <= le).length,
      );
    }
    expect(scrape.sum('churn_probability_sum')).toBeCloseTo(
      predictions.reduce((sum, { churn_probability }) => sum + Number(churn_probability), 0),
      3,
    );
    expect(scrape.sum('model_pass_rows_sum')).toBe(4);
    expect(scrape.sum('model_pass_rows_bucket', { le: '1' })).toBe(1);
    expect(scrape.sum('model_pass_rows_bucket', { le: '4' })).toBe(2);
    expect(scrape.sum('model_inference_duration_seconds_count')).toBe(2);
    for (const name of ['model_queue', 'prediction_encode', 'prediction']) {
      expect(scrape.sum(`${name}_duration_seconds_count`)).toBe(2);
    }
    await service.stop();
  });

  it('tells which model is served, and how the probabilities of its training rows are distributed', async () => {
    const service = await startService();
    const scrape = await Scrape.of(service.url);
    const sha256 = createHash('sha256').update(readFileSync('models/churn_model.onnx')).digest('hex');
    expect(scrape.samples('model_info')).toEqual([
      { labels: { name: 'churn_model', version: '1.0.0', sha256 }, value: 1 },
    ]);
    expect(scrape.sum('model_ready')).toBe(1);
    expect(scrape.sum('model_load_duration_seconds')).toBeGreaterThan(0);

    const { edges, counts } = MANIFEST.reference.probability_histogram;
    const bounds = (name: string): (string | undefined)[] =>
      scrape.samples(name).map(({ labels }) => labels['le']);
    expect(bounds('churn_reference_probability_ratio')).toEqual(bounds('churn_probability_bucket'));
    expect(bounds('churn_probability_bucket')).toEqual([...edges.slice(1, -1).map(String), '+Inf']);
    const shares = scrape.samples('churn_reference_probability_ratio').map(({ value }) => value);
    expect(shares[0]).toBeCloseTo((counts[0] ?? NaN) / MANIFEST.reference.rows, 10);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    await service.stop();
  });

  it('tells the version of the service and of Node.js', async () => {
    const service = await startService();
    const scrape = await Scrape.of(service.url);
    expect(scrape.samples('build_info')).toEqual([BUILD_INFO]);
    await service.stop();
  });
});

describe('METRICS_ACCESS', () => {
  const KEYS = { API_KEYS: keyEntry('crm', CRM_KEY) };

  it('is open by default, though predictions need a key', async () => {
    const service = await startService(KEYS);
    await Scrape.of(service.url);
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(401);
    await service.stop();
  });

  it('key wants a key', async () => {
    const service = await startService({ ...KEYS, METRICS_ACCESS: 'key' });
    expect((await request(`${service.url}/metrics`)).status).toBe(401);
    await Scrape.of(service.url, { Authorization: `Bearer ${CRM_KEY}` });
    await service.stop();
  });

  it('off serves none', async () => {
    const service = await startService({ METRICS_ACCESS: 'off' });
    expect((await request(`${service.url}/metrics`)).status).toBe(404);
    await service.stop();
  });
});

describe('the metrics of several workers', () => {
  const PREDICTIONS = 40;

  async function startTwo(): Promise<Service> {
    const service = await startService({ WORKERS: '2' });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    await service.process.lineCount(({ msg }) => msg === 'listening', 2);
    return service;
  }

  async function predict(service: Service): Promise<void> {
    for (let count = 0; count < PREDICTIONS; count++) {
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' });
    }
  }

  async function predicted(service: Service): Promise<number> {
    return (await Scrape.of(service.url)).sum('churn_predictions_total');
  }

  it('are added up, and any worker returns the sum', async () => {
    const service = await startTwo();
    await predict(service);
    for (let scrape = 0; scrape < 4; scrape++) {
      expect(await predicted(service)).toBe(PREDICTIONS);
    }
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('model_ready')).toBe(2);
    expect(scrape.samples('model_info')).toMatchObject([{ labels: { version: '1.0.0' }, value: 1 }]);
    expect(scrape.samples('build_info')).toEqual([BUILD_INFO]);
    expect(scrape.sum('worker_restarts_total')).toBe(0);
    expect(await service.stop()).toBe(0);
  });

  it('never fall because a worker is killed', async () => {
    const service = await startTwo();
    await predict(service);
    expect(await predicted(service)).toBe(PREDICTIONS);
    const pids = service.process.lines
      .filter(({ msg }) => msg === 'listening')
      .map(({ pid }) => pid as number);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await service.process.line(({ msg }) => msg === 'the worker is replaced');
    expect(await predicted(service)).toBe(PREDICTIONS);
    await predict(service);
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('churn_predictions_total')).toBe(2 * PREDICTIONS);
    expect(scrape.sum('worker_restarts_total')).toBe(1);
    expect(scrape.sum('model_ready')).toBe(2);
    expect(await service.stop()).toBe(0);
  });

  it('lose nothing that a worker counted before it was replaced', async () => {
    const service = await startTwo();
    await predict(service);
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    await expect
      .poll(async () => (await Scrape.of(service.url)).sum('model_ready'), { timeout: 10_000 })
      .toBe(2);
    expect(await predicted(service)).toBe(PREDICTIONS);
    expect(await service.stop()).toBe(0);
  });

  it('are returned even if a worker hangs, with its last known counts', async () => {
    const service = await startTwo();
    await predict(service);
    expect(await predicted(service)).toBe(PREDICTIONS);
    const connection = await RawConnection.open(service.port);
    await connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'held' }));
    const { pid: asked } = await service.process.requestLine('held');
    const hanging = service.process.lines.find(({ msg, pid }) => msg === 'listening' && pid !== asked);
    process.kill(hanging?.['pid'] as number, 'SIGSTOP');
    await connection.send('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const answer = await connection.untilClosed();
    expect(answer).toContain(`churn_predictions_total{risk_tier="HIGH"} ${PREDICTIONS + 1}`);
    process.kill(hanging?.['pid'] as number, 'SIGCONT');
    expect(await service.stop()).toBe(0);
  });
});
