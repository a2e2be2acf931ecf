import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../src/bundle/manifest.js';
import {
  fixtureManifest,
  fixtureProbability,
  goldenRows,
  readFixture,
  writeBundle,
  writeVersion,
} from '../support/bundle.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { newLogFolder, recordsIn } from '../support/prediction-log.js';
import {
  type Environment,
  type LogLine,
  type Service,
  startService,
  TAKES_BURSTS,
} from '../support/service.js';

const PROVEN = 'the candidate is proven, and scores beside the served model';

function candidate(graph = 'matrix_float32', changes: Partial<ModelManifest> = {}): string {
  const model = readFixture(graph);
  return writeBundle({ model, manifest: fixtureManifest(model, { version: '1.1.0', ...changes }) });
}

/** The bundled model, with this candidate, which is ready. */
async function startBeside(path: string, environment: Environment = {}): Promise<Service> {
  const service = await startService({ SHADOW_MODEL_PATH: path, ...environment });
  await service.process.line(({ msg }) => msg === PROVEN);
  return service;
}

function rows(scrape: Scrape, outcome: string): number {
  return scrape.sum('shadow_rows_total', { outcome });
}

/** Resolves when as many rows have come to an end. */
async function counted(url: string, rowCount: number): Promise<Scrape> {
  let scrape = await Scrape.of(url);
  while (scrape.sum('shadow_rows_total') < rowCount) {
    scrape = await Scrape.of(url);
  }
  return scrape;
}

const isError =
  (text: string) =>
  ({ level, msg }: LogLine): boolean =>
    level === 'error' && msg === text;

function candidatePids({ pid }: Service['process']): number[] {
  return execFileSync('pgrep', ['--parent', String(pid), '--full', 'candidate'])
    .toString()
    .trim()
    .split('\n')
    .map(Number);
}

describe('A candidate', () => {
  it('scores the same rows, and is compared', async () => {
    const service = await startBeside(candidate());
    const customers = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];
    const { body } = await post(`${service.url}/predict/batch`, { customers });
    await post(`${service.url}/predict`, LOW_RISK_CUSTOMER);
    const scrape = await counted(service.url, 3);
    expect(rows(scrape, 'compared')).toBe(3);
    const served = (body['predictions'] as { churn_probability: number }[]).map(
      ({ churn_probability }) => churn_probability,
    );
    const [high = NaN, low = NaN] = customers.map((customer, row) =>
      Math.abs(fixtureProbability(Object.values(customer)) - (served[row] ?? NaN)),
    );
    expect(scrape.sum('shadow_difference_sum')).toBeCloseTo(high + 2 * low, 3);
    expect(scrape.samples('shadow_model_info')).toMatchObject([{ labels: { version: '1.1.0' } }]);
    expect(scrape.sum('shadow_ready')).toBe(1);
    expect(await service.stop()).toBe(0);
  });

  it('is named by /model, and /model/shadow sums up how it agrees, over all workers', async () => {
    const service = await startService({ ...TAKES_BURSTS, SHADOW_MODEL_PATH: candidate(), WORKERS: '2' });
    await service.process.lineCount(({ msg }) => msg === PROVEN, 2);
    // They need no help of the service: both models decide by 0.5.
    const customers = Array.from({ length: 40 }, (_, index) => ({
      ...HIGH_RISK_CUSTOMER,
      tenure_months: index,
      num_products: 1 + (index % 4),
    }));
    const served = await Promise.all(customers.map((customer) => post(`${service.url}/predict`, customer)));
    await counted(service.url, 40);
    const flips = served.map(({ body }, index) => {
      const wouldChurn = fixtureProbability(Object.values(customers[index] ?? {})) >= 0.5;
      return Number(wouldChurn) - Number(body['churn_prediction']);
    });
    const identity = { state: 'ready', name: 'model', version: '1.1.0' };
    expect((await request(`${service.url}/model`)).body['shadow']).toMatchObject(identity);
    const { status, body } = await request(`${service.url}/model/shadow`);
    expect(status).toBe(200);
    const [toChurn, toNoChurn] = [1, -1].map((way) => flips.filter((flip) => flip === way).length);
    expect(body).toMatchObject({
      candidate: identity,
      rows: { compared: 40, dropped: 0, failed: 0 },
      label_flips: { to_churn: toChurn, to_no_churn: toNoChurn },
      same_prediction_ratio: 1 - ((toChurn ?? NaN) + (toNoChurn ?? NaN)) / 40,
    });
    const { counts } = body['differences'] as { counts: number[] };
    expect(counts.reduce((sum, count) => sum + count)).toBe(40);
    expect(body['mean_difference']).toBeGreaterThan(0);
  });

  it('is not spoken of where there is none', async () => {
    const service = await startService();
    expect((await request(`${service.url}/model/shadow`)).status).toBe(404);
    expect((await request(`${service.url}/model`)).body).not.toHaveProperty('shadow');
  });

  it('changes no answer', async () => {
    const path = candidate('output_float64');
    const alone = await startService();
    const beside = await startBeside(path);
    for (const customer of [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, { tenure_months: 'x' }]) {
      const [without, withOne] = await Promise.all(
        [alone, beside].map(({ url }) => post(`${url}/predict`, customer, { 'X-Request-Id': 'the-same' })),
      );
      expect(withOne?.body).toEqual(without?.body);
      expect(withOne?.status).toBe(without?.status);
    }
  });

  it('scores the share that is asked for', async () => {
    const service = await startBeside(candidate(), { SHADOW_SAMPLE: '0.5' });
    for (let sent = 0; sent < 200; sent++) {
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    }
    // Five standard deviations of 200 throws of a coin.
    const scrape = await counted(service.url, 65);
    expect(scrape.sum('shadow_rows_total')).toBeLessThan(136);
  });

  it('may take fewer features, in another order and type', async () => {
    const model = readFixture('columns_float32');
    const stated = fixtureManifest(model);
    const manifest = {
      ...stated,
      inputs: stated.features.map(({ name }) => ({ name, type: 'float32', features: [name] })),
    };
    const service = await startBeside(writeBundle({ model, manifest }));
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(rows(await counted(service.url, 1), 'compared')).toBe(1);
  });

  it.each<[string, () => string, RegExp]>([
    ['is not there', () => '/nowhere/model.onnx', /There is no model file/],
    [
      'has another feature',
      () => {
        const model = readFixture('six_columns');
        const stated = fixtureManifest(model);
        const [first] = stated.features;
        const features = [...stated.features, { ...first, name: 'income' }];
        const names = features.map(({ name }) => name);
        return writeBundle({
          model,
          manifest: {
            ...stated,
            features,
            inputs: names.map((name) => ({ name, type: 'float32', features: [name] })),
            golden_rows: {
              features: names,
              rows: stated.golden_rows?.rows.map((row) => [...row, 1]),
              probabilities: stated.golden_rows?.probabilities,
            },
            examples: stated.examples.map(({ customer }) => ({ customer: { ...customer, income: 1 } })),
          },
        });
      },
      /does not take all customers that the served model takes.*income is added/,
    ],
    [
      'answers otherwise than in training',
      () => {
        const stated = fixtureManifest(readFixture('matrix_float32')).golden_rows;
        const probabilities = stated?.probabilities.map((probability) => probability / 2) ?? [];
        return candidate('matrix_float32', {
          golden_rows: { features: stated?.features ?? [], rows: stated?.rows ?? [], probabilities },
        });
      },
      /golden row/,
    ],
    ['gives no probabilities', () => candidate('nan_always'), /probabilit/],
    [
      'has no manifest',
      () => {
        const path = candidate('matrix_float32');
        rmSync(path.replace('.onnx', '.manifest.json'));
        return path;
      },
      /The candidate has no manifest/,
    ],
  ])('that %s is refused in the log, and the service serves', async (_what, path, reason) => {
    const service = await startService({ SHADOW_MODEL_PATH: path() });
    const line = await service.process.line(isError('the candidate is refused'));
    expect(line['reason']).toMatch(reason);
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    expect((await Scrape.of(service.url)).sum('shadow_ready')).toBe(0);
    expect(service.process.lines.filter(isError('the candidate is refused'))).toHaveLength(1);
    expect(await service.stop()).toBe(0);
  });

  it('that gives a NaN fails that row alone, and says so', async () => {
    const service = await startBeside(
      candidate('nan_at_tenure_13', {
        golden_rows: goldenRows(fixtureProbability, { withoutTenures: [13, 14] }),
      }),
    );
    const customers = [HIGH_RISK_CUSTOMER, { ...HIGH_RISK_CUSTOMER, tenure_months: 13 }];
    expect((await post(`${service.url}/predict/batch`, { customers })).status).toBe(200);
    const scrape = await counted(service.url, 2);
    expect([rows(scrape, 'compared'), rows(scrape, 'failed')]).toEqual([1, 1]);
    const line = await service.process.line(isError('the candidate failed to score rows'));
    expect(line['reason']).toMatch(/probability/);
    expect(line).not.toHaveProperty('request_id');
  });

  it('that stalls is killed and started again, while the service answers', async () => {
    const service = await startBeside(candidate('endless_at_tenure_100'), { STALL_TIMEOUT_MS: '1000' });
    const endless = { ...HIGH_RISK_CUSTOMER, tenure_months: 100 };
    expect((await post(`${service.url}/predict`, endless)).status).toBe(200);
    const lost = service.process.line(isError('the candidate is lost, and is started again'));
    expect((await lost)['reason']).toMatch(/has scored nothing for 1000 ms/);
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await service.process.lineCount(({ msg }) => msg === PROVEN, 2);
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    const scrape = await counted(service.url, 3);
    expect(rows(scrape, 'failed')).toBe(1);
    expect(rows(scrape, 'compared')).toBe(1);
    expect(await service.stop()).toBe(0);
  });

  it('whose process is killed is started again', async () => {
    const service = await startBeside(candidate());
    const [pid = NaN] = candidatePids(service.process);
    process.kill(pid, 'SIGKILL');
    const line = await service.process.line(isError('the candidate is lost, and is started again'));
    expect(line['reason']).toMatch(/SIGKILL/);
    await service.process.lineCount(({ msg }) => msg === PROVEN, 2);
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(rows(await counted(service.url, 1), 'compared')).toBe(1);
  });

  it('whose files have changed is refused when it is started again, since others were announced', async () => {
    const path = candidate();
    const service = await startBeside(path);
    writeVersion(path, '2.0.0');
    const [pid = NaN] = candidatePids(service.process);
    process.kill(pid, 'SIGKILL');
    const line = await service.process.line(isError('the candidate is refused'));
    expect(line).toMatchObject({
      version: '1.1.0',
      reason: expect.stringContaining('has changed since the service read it') as string,
    });
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await service.stop();
  });

  it('ends with its service, also if that is killed', async () => {
    const service = await startBeside(candidate());
    const [pid = NaN] = candidatePids(service.process);
    service.process.signal('SIGKILL');
    await service.process.exit();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('gives way to the service for the processor and the memory', async () => {
    const service = await startBeside(candidate());
    const [pid = NaN] = candidatePids(service.process);
    expect(
      execFileSync('ps', ['-o', 'ni=', '-p', String(pid)])
        .toString()
        .trim(),
    ).toBe('19');
    expect(
      execFileSync('cat', [`/proc/${pid}/oom_score_adj`])
        .toString()
        .trim(),
    ).toBe('1000');
  });

  it('is recorded beside the served model in the prediction log', async () => {
    const folder = newLogFolder();
    const service = await startBeside(candidate(), { PREDICTION_LOG: 'true', PREDICTION_LOG_PATH: folder });
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await counted(service.url, 1);
    expect(await service.stop()).toBe(0);
    const [record] = recordsIn(folder);
    expect(record?.shadow).toMatchObject({ model_version: '1.1.0' });
    expect(record?.shadow?.probability).toBeCloseTo(fixtureProbability(Object.values(HIGH_RISK_CUSTOMER)), 5);
    expect(record?.model_version).toBe('1.0.0');
  });

  it('is served after SIGHUP once its files are put in place, and each worker has one of its own', async () => {
    const model = readFixture('matrix_float32');
    const served = writeBundle({ model, manifest: fixtureManifest(model, { version: '1.0.0' }) });
    const next = readFixture('output_float64');
    const path = candidate('output_float64');
    const service = await startService({
      MODEL_PATH: served,
      SHADOW_MODEL_PATH: path,
      WORKERS: '2',
    });
    await service.process.lineCount(({ msg }) => msg === PROVEN, 2);
    expect((await Scrape.of(service.url)).sum('shadow_ready')).toBe(2);
    writeFileSync(served, next);
    writeFileSync(
      served.replace('.onnx', '.manifest.json'),
      JSON.stringify(fixtureManifest(next, { version: '1.1.0' })),
    );
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    const { body } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(body['model_version']).toBe('1.1.0');
    expect(await service.stop()).toBe(0);
  });
});

/** A process that has ended may wait for its parent to take note. */
function isAlive(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !readFileSync(path, 'utf8').includes(') Z ');
}
