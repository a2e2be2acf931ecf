import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Customer } from '../../src/bundle/feature.js';
import { post, request } from '../support/http.js';
import { newLogFolder, recordsIn } from '../support/prediction-log.js';
import { Prometheus } from '../support/prometheus.js';
import { type Environment, type Service, startService } from '../support/service.js';

/** Made by models/training/examples/upstream_change.py. */
const STORY = required('FAILING_MODEL_STORY', 'a folder that upstream_change.py has filled');
const CHURN_BUNDLE = required('CHURN_BUNDLE', 'the command churn-bundle with its extra report');

const BATCH_ROWS = 100;
const ROWS_OF_EACH_BIN = 'job_feature_bin:feature_rows:increase24h{feature="gender"}';
/** What the upstream system changed. */
const CHANGED = ['contract', 'monthly_charges'];

function required(name: string, what: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`Set ${name} to ${what}: see .ci/run.`);
  }
  return value;
}

function customersOf(file: string): Customer[] {
  return JSON.parse(readFileSync(join(STORY, file), 'utf8')) as Customer[];
}

/** Sends the customers in batches, all of which must be scored. @returns the versions of the models that answered */
async function send({ url }: Service, customers: readonly Customer[]): Promise<Set<string>> {
  const versions = new Set<string>();
  for (let start = 0; start < customers.length; start += BATCH_ROWS) {
    const batch = customers.slice(start, start + BATCH_ROWS);
    const { status, body } = await post(`${url}/predict/batch`, { customers: batch });
    expect(status, JSON.stringify(body)).toBe(200);
    for (const { model_version } of body['predictions'] as { model_version: string }[]) {
      versions.add(model_version);
    }
  }
  return versions;
}

interface FeatureDrift {
  readonly name: string;
  readonly verdict: string;
  readonly unknown_ratio?: number;
}

async function driftOfLastHour({ url }: Service): Promise<readonly FeatureDrift[]> {
  const { body } = await request(`${url}/model/drift`);
  const [lastHour] = body['windows'] as { features: FeatureDrift[] }[];
  return lastHour?.features ?? [];
}

/** How many customers Prometheus has counted. It extrapolates, so that the number is not exact. */
async function rowsSeen(prometheus: Prometheus): Promise<number> {
  const [sum] = await prometheus.query(`sum(${ROWS_OF_EACH_BIN})`);
  return Number(sum?.value[1] ?? 0);
}

/** The names of the features of which this alert tells. */
async function alerted(prometheus: Prometheus, alert: string): Promise<string[]> {
  const alerts = await prometheus.alerts();
  return alerts
    .filter(({ labels }) => labels['alertname'] === alert)
    .map(({ labels }) => labels['feature'] ?? '')
    .toSorted();
}

/** How often Prometheus has evaluated its rules from its first scrape of this many rows to the first one at which the alert held. */
async function evaluationsBefore(
  prometheus: Prometheus,
  alert: Readonly<Record<'alertname' | 'feature', string>>,
  rows: number,
): Promise<number> {
  // An alert may hold before all rows are scraped.
  let scrapedAtS = Infinity;
  await prometheus.until(async () => {
    const rowsAt = new Map<number, number>();
    for (const { values } of await prometheus.samples('feature_rows_total{feature="gender"}')) {
      values.forEach(([at, count]) => rowsAt.set(at, (rowsAt.get(at) ?? 0) + Number(count)));
    }
    scrapedAtS = Math.min(...[...rowsAt].filter(([, count]) => count >= rows).map(([at]) => at));
    return scrapedAtS < Infinity;
  });
  const held = (await prometheus.alerts()).find(
    ({ labels }) => labels['alertname'] === alert.alertname && labels['feature'] === alert.feature,
  );
  const heldAtS = Date.parse(String(held?.activeAt)) / 1000;
  expect(heldAtS).toBeGreaterThan(0);
  const evaluations = new Set(
    (await prometheus.samples(ROWS_OF_EACH_BIN)).flatMap(({ values }) => values.map(([at]) => at)),
  );
  return [...evaluations].filter((at) => at > scrapedAtS && at <= heldAtS).length;
}

/** Reports on those customers of a log whose outcomes are in this file. @returns the page */
function report(log: string, outcomesFile: string): string {
  const page = join(log, '..', 'report.html');
  const outcomes = join(STORY, outcomesFile);
  const manifest = join(STORY, 'champion', 'model.manifest.json');
  execFileSync(CHURN_BUNDLE, [
    'report',
    ...['--log', log, '--outcomes', outcomes, '--bundle', manifest, '--out', page],
  ]);
  return readFileSync(page, 'utf8');
}

/** The first numbers of the page after this text. */
function numbersAfter(page: string, text: string): number[] {
  const start = page.indexOf(text);
  expect(start, text).toBeGreaterThan(0);
  return Array.from(page.slice(start, start + 2000).matchAll(/<data value="([^"]+)"/g), ([, value]) =>
    Number(value),
  );
}

it('a model that fails is seen, and replaced without a lost request', async () => {
  const served = mkdtempSync(join(tmpdir(), 'churn-served-'));
  onTestFinished(() => {
    rmSync(served, { recursive: true });
  });
  cpSync(join(STORY, 'champion'), served, { recursive: true });
  const [before, after] = [customersOf('before.json'), customersOf('after.json')];
  const [firstLog, secondLog] = [newLogFolder(), newLogFolder()];
  const start = async (log: string, environment: Environment = {}): Promise<Service> => {
    const service = await startService({
      MODEL_PATH: join(served, 'model.onnx'),
      WORKERS: '2',
      PREDICTION_LOG: 'true',
      PREDICTION_LOG_PATH: log,
      PREDICTION_LOG_ID_FIELD: 'customer_id',
      ...environment,
    });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    return service;
  };

  // Customers such as those of the training: nobody is told of anything.
  const first = await start(firstLog);
  const prometheus = await Prometheus.start({ targets: [`127.0.0.1:${first.port}`], interval: '1s' });
  onTestFinished(() => prometheus.stop());
  // It measures growth, and so has to see the service before the first customer.
  await prometheus.until(async () => (await prometheus.query(ROWS_OF_EACH_BIN)).length > 0);
  await send(first, before);
  await prometheus.until(async () => (await rowsSeen(prometheus)) > 0.9 * before.length);
  const verdicts = (await driftOfLastHour(first)).map(({ verdict }) => verdict);
  expect(new Set(verdicts)).toEqual(new Set(['stable']));
  expect(await alerted(prometheus, 'FeatureDrifted')).toEqual([]);
  expect(await alerted(prometheus, 'UnknownCategories')).toEqual([]);

  // The upstream system changes. The alert names what has changed, and the service says the same.
  const half = after.length / 2;
  await send(first, after.slice(0, half));
  await prometheus.until(
    async () => (await alerted(prometheus, 'FeatureDrifted')).includes('monthly_charges'),
    20_000,
  );
  await prometheus.until(
    async () => (await alerted(prometheus, 'UnknownCategories')).includes('contract'),
    20_000,
  );
  expect(await alerted(prometheus, 'UnknownCategories')).toEqual(['contract']);
  for (const alert of [
    { alertname: 'FeatureDrifted', feature: 'monthly_charges' },
    { alertname: 'UnknownCategories', feature: 'contract' },
  ]) {
    const evaluations = await evaluationsBefore(prometheus, alert, before.length + half);
    expect(evaluations, alert.alertname).toBeLessThanOrEqual(2);
  }
  for (const name of await alerted(prometheus, 'FeatureDrifted')) {
    expect(CHANGED).toContain(name);
  }
  const drifts = await driftOfLastHour(first);
  const significant = drifts.filter(({ verdict }) => verdict === 'significant').map(({ name }) => name);
  expect(significant).toContain('monthly_charges');
  expect(significant.every((name) => CHANGED.includes(name))).toBe(true);
  expect(drifts.find(({ name }) => name === 'contract')?.unknown_ratio).toBeGreaterThan(0.05);
  expect(await first.stop()).toBe(0);

  // A retrained model scores beside it, and is the better one once the outcomes are known.
  const second = await start(secondLog, { SHADOW_MODEL_PATH: join(STORY, 'candidate', 'model.onnx') });
  await second.process.lineCount(
    ({ msg }) => msg === 'the candidate is proven, and scores beside the served model',
    2,
  );
  await send(second, after.slice(half));
  await expect
    .poll(async () => (await request(`${second.url}/model/shadow`)).body['rows'], { timeout: 20_000 })
    .toEqual({ compared: half, dropped: 0, failed: 0 });

  // It takes the place of the served one while requests come in.
  for (const file of ['model.onnx', 'model.manifest.json', 'model_version.txt']) {
    copyFileSync(join(STORY, 'candidate', file), join(served, file));
  }
  second.process.signal('SIGHUP');
  const versions = new Set<string>();
  while (!second.process.lines.some(({ msg }) => msg === 'all workers are replaced')) {
    (await send(second, before.slice(0, 2 * BATCH_ROWS))).forEach((version) => versions.add(version));
  }
  // A retired worker still answers what came in before it closed its connections.
  await expect
    .poll(() => send(second, before.slice(0, 10 * BATCH_ROWS)), { timeout: 20_000 })
    .toEqual(new Set(['1.1.0']));
  expect(versions).toContain('1.0.0');
  expect(await second.stop()).toBe(0);

  const recorded = new Set(recordsIn(firstLog).map(({ id }) => id));
  expect(recorded.size).toBe(before.length + half);
  const compared = recordsIn(secondLog).filter(({ shadow }) => shadow?.model_version === '1.1.0');
  expect(new Set(compared.map(({ id }) => id)).size).toBeGreaterThanOrEqual(half);

  // The outcomes say the same: the served model got worse, and the candidate is better calibrated.
  const [aucBefore = NaN] = numbersAfter(report(firstLog, 'before.csv'), 'id="roc-auc"');
  const [aucAfter = NaN] = numbersAfter(report(firstLog, 'after.csv'), 'id="roc-auc"');
  expect(aucAfter).toBeLessThan(aucBefore - 0.02);
  const page = report(secondLog, 'after.csv');
  const comparison = page.slice(page.indexOf('id="candidate-0-table"'));
  const [servedError = NaN, candidateError = NaN] = numbersAfter(comparison, 'calibration error');
  expect(candidateError).toBeLessThan(servedError - 0.01);
});
