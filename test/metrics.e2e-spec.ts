import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BEARER, CRM_KEY, keyEntry } from './support/api-keys.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { BUILD_INFO, Scrape } from './support/metrics.js';
import { RawConnection } from './support/raw-connection.js';
import { startService } from './support/service.js';

const BATCH = { customers: [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER] };
const MANIFEST = JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as {
  reference: { rows: number; probability_histogram: { edges: number[]; counts: number[] } };
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
    await Scrape.of(service.url, BEARER);
    await service.stop();
  });

  it('off serves none', async () => {
    const service = await startService({ METRICS_ACCESS: 'off' });
    expect((await request(`${service.url}/metrics`)).status).toBe(404);
    await service.stop();
  });
});
