import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Customer } from '../../src/bundle/feature.js';
import type { ModelManifest } from '../../src/bundle/manifest.js';
import type { DriftReportDto } from '../../src/monitoring/dto/drift-report.dto.js';
import { post, request } from '../support/http.js';
import { Prometheus } from '../support/prometheus.js';
import { type Service, startService, TAKES_BURSTS } from '../support/service.js';
import { drawCustomers, randomOf } from '../support/training-customers.js';

const TELCO = JSON.parse(readFileSync('models/telco/telco_model.manifest.json', 'utf8')) as ModelManifest;
const PSI = 'job_feature:feature_rows:psi24h';
const ROWS = 'job_feature_bin:feature_rows:increase24h{feature="contract"}';
const DRIFT_ALERTS = ['FeatureDrifted', 'UnknownCategories', 'MissingValuesRose'];
/** Prometheus extrapolates what it counts to the whole window. */
const TOLERANCE = 0.02;

async function startWatched(): Promise<{ service: Service; prometheus: Prometheus }> {
  const service = await startService({ MODEL_PATH: 'models/telco/telco_model.onnx', ...TAKES_BURSTS });
  const prometheus = await Prometheus.start({ targets: [`127.0.0.1:${service.port}`], interval: '1s' });
  onTestFinished(() => prometheus.stop());
  await prometheus.until(
    async () => (await prometheus.query(PSI)).length === 0 && (await prometheus.query(ROWS)).length > 0,
  );
  return { service, prometheus };
}

async function score(service: Service, customers: readonly Customer[]): Promise<void> {
  for (let start = 0; start < customers.length; start += 100) {
    const { status } = await post(`${service.url}/predict/batch`, {
      customers: customers.slice(start, start + 100),
    });
    expect(status).toBe(200);
  }
}

/** Resolves when Prometheus has computed the PSI of all rows, and it is the service's. Rejects if it never is. */
async function untilSamePsi(service: Service, prometheus: Prometheus): Promise<void> {
  const report = (await request(`${service.url}/model/drift`)).body as unknown as DriftReportDto;
  const features = report.windows[1]?.features ?? [];
  expect(features).toHaveLength(TELCO.features.length);
  await prometheus.until(async () => {
    const samples = await prometheus.query(PSI);
    const found = new Map(samples.map(({ metric, value }) => [metric['feature'], Number(value[1])]));
    return features.every(
      ({ name, psi = NaN }) => Math.abs((found.get(name) ?? NaN) - psi) <= TOLERANCE * psi,
    );
  });
}

/** The alerts on drift that fire, each with the feature that it names. */
async function firing(prometheus: Prometheus): Promise<string[]> {
  return (await prometheus.alerts())
    .filter(({ labels }) => DRIFT_ALERTS.includes(labels['alertname'] ?? ''))
    .map(({ labels }) => `${labels['alertname'] ?? ''} ${labels['feature'] ?? ''}`)
    .toSorted();
}

describe('Prometheus with these rules', () => {
  it('is silent while customers are as in training, and names the one feature that shifts', async () => {
    const { service, prometheus } = await startWatched();
    const customers = drawCustomers(TELCO, 3000, randomOf(3));
    await score(service, customers);
    await untilSamePsi(service, prometheus);
    expect(await firing(prometheus)).toEqual([]);

    await score(
      service,
      customers.map((customer) => ({ ...customer, contract: 'Two year' })),
    );
    await prometheus.until(async () => (await firing(prometheus)).length > 0);
    await untilSamePsi(service, prometheus);
    expect(await firing(prometheus)).toEqual(['FeatureDrifted contract']);
    await service.stop();
  });

  it('names the features whose values are unknown, or missing more often than in training', async () => {
    const { service, prometheus } = await startWatched();
    const customers = drawCustomers(TELCO, 3000, randomOf(4)).map((customer, index) => ({
      ...customer,
      ...(index % 30 === 0 && { payment_method: 'Cash' }),
      ...(index % 8 === 0 && { paperless_billing: null }),
    }));
    await score(service, customers);
    await untilSamePsi(service, prometheus);
    await prometheus.until(async () => (await firing(prometheus)).length >= 2);
    expect(await firing(prometheus)).toEqual([
      'MissingValuesRose paperless_billing',
      'UnknownCategories payment_method',
    ]);
    await service.stop();
  });
});
