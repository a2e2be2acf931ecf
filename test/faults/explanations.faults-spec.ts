import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../src/bundle/manifest.js';
import {
  FEATURES,
  fixtureManifest,
  fixtureProbability,
  goldenRows,
  readFixture,
  writeBundle,
} from '../support/bundle.js';
import { BACKGROUND, explanationsOf } from '../support/explanations.js';
import { type Answer, HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { type Environment, type Service, startService } from '../support/service.js';

/** Of few rows, each of which takes a heavy model 10 ms or more. */
const EXPLANATIONS = explanationsOf(FEATURES, fixtureProbability, BACKGROUND.slice(0, 6), [
  [48, 45, 2160, 3, 0],
]);

async function start(
  graph: string,
  environment: Environment = {},
  changes: Partial<ModelManifest> = {},
): Promise<Service> {
  const model = readFixture(graph);
  const manifest = fixtureManifest(model, { explanations: EXPLANATIONS, ...changes });
  return startService({ MODEL_PATH: writeBundle({ model, manifest }), ...environment });
}

function explain({ url }: Service, headers: Record<string, string> = {}): Promise<Answer> {
  return post(`${url}/predict/explain`, HIGH_RISK_CUSTOMER, headers);
}

/** Resolves once the caller has left before the answer. */
async function sendAndLeave(url: string, body: unknown, { signal }: AbortController): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const answer = request(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
  await expect(answer).rejects.toThrow(/abort/);
}

async function rowsWait({ url }: Service): Promise<boolean> {
  return (await Scrape.of(url)).sum('model_idle_rows_waiting') > 0;
}

/** Resolves once rows of an explanation wait, or none do any more. */
async function untilRowsWait(service: Service, expected: boolean): Promise<void> {
  while ((await rowsWait(service)) !== expected) {
    await delay(10);
  }
}

describe('explanations of a heavy model', () => {
  const patient = { EXPLANATION_ROWS: '64', EXPLANATION_TIMEOUT_MS: '600000' };

  it.each<[string, Environment]>([
    ['on a thread', { INFERENCE_THREADS: '1' }],
    ['on two threads', { INFERENCE_THREADS: '2' }],
    ['on the event loop', { INFERENCE_THREADS: '0' }],
  ])('let predictions overtake them, %s', async (_where, environment) => {
    const service = await start('heavy_row', { ...patient, ...environment });
    const order: string[] = [];
    const explanation = explain(service).then(({ status }) => order.push(`explanation ${status}`));
    await untilRowsWait(service, true);
    for (let prediction = 0; prediction < 3; prediction++) {
      const { status } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
      order.push(`prediction ${status}`);
    }
    await explanation;
    expect(order).toEqual(['prediction 200', 'prediction 200', 'prediction 200', 'explanation 200']);
    await service.stop();
  });

  it('are refused at once if they could not be done in time, and end at their deadline otherwise', async () => {
    const service = await start('heavy_row', patient);
    const refused = await explain(service, { 'X-Request-Timeout-Ms': '1' });
    expect([refused.status, refused.body['code']]).toEqual([503, 'overloaded']);
    expect(refused.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    expect((await explain(service)).status).toBe(200);
    await service.stop();
  });

  it('end when their caller leaves', async () => {
    const service = await start('heavy_row', patient);
    const leaving = new AbortController();
    const left = sendAndLeave(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER, leaving);
    await untilRowsWait(service, true);
    leaving.abort();
    await left;
    await untilRowsWait(service, false);
    expect((await Scrape.of(service.url)).sum('explanations_total')).toBe(0);
    await service.stop();
  });

  it('are still answered after SIGTERM', async () => {
    const service = await start('heavy_row', {
      ...patient,
      SHUTDOWN_DELAY_MS: '0',
      SHUTDOWN_TIMEOUT_MS: '600000',
    });
    const explanation = explain(service);
    await untilRowsWait(service, true);
    const stopped = service.stop();
    expect((await explanation).status).toBe(200);
    expect(await stopped).toBe(0);
  });

  it('are counted over all workers', async () => {
    const service = await start('matrix_float32', { WORKERS: '2' });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => explain(service, { Connection: 'close' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await Scrape.of(service.url)).sum('explanations_total')).toBe(8);
    await service.stop();
  });
});

describe('an explanation whose pass does not end', () => {
  it('is refused with 503, as a prediction is', async () => {
    const service = await start('endless_at_tenure_100', {
      INFERENCE_THREADS: '1',
      STALL_TIMEOUT_MS: '1000',
    });
    const endless = { ...HIGH_RISK_CUSTOMER, tenure_months: 100 };
    const { status, body } = await post(`${service.url}/predict/explain`, endless);
    expect([status, body['code']]).toEqual([503, 'model_not_ready']);
    service.process.signal('SIGKILL');
    await service.process.exit();
  });
});

describe('rows for which the model gives no probability', () => {
  const golden_rows = goldenRows(undefined, { withoutTenures: [13, 14] });
  const row = [48, 45, 2160, 3, 0];

  it('end an explanation in a problem, and the next one is answered', async () => {
    const background = BACKGROUND.filter(([tenure]) => tenure !== 13 && tenure !== 14);
    const explanations = explanationsOf(FEATURES, fixtureProbability, background, [row]);
    const service = await start('nan_at_tenure_13', {}, { golden_rows, explanations });
    const customer = { ...HIGH_RISK_CUSTOMER, tenure_months: 13 };
    const { status, body } = await post(`${service.url}/predict/explain`, customer);
    expect([status, body['code']]).toEqual([500, 'model_output_invalid']);
    expect((await explain(service)).status).toBe(200);
    await service.stop();
  });

  it('leave the documented customer unexplained, which the log says', async () => {
    const background = BACKGROUND.filter(([tenure]) => tenure !== 13 && tenure !== 14);
    const explanations = explanationsOf(FEATURES, fixtureProbability, background, [row]);
    const examples = [{ customer: { ...HIGH_RISK_CUSTOMER, tenure_months: 13 } }];
    const service = await start('nan_at_tenure_13', {}, { golden_rows, explanations, examples });
    const line = await service.process.line(
      ({ msg }) => msg === 'the documented customer cannot be explained',
    );
    expect(line).toMatchObject({ level: 'warn' });
    expect((await explain(service)).status).toBe(200);
    await service.stop();
  });

  it('end the start if they are of the background', async () => {
    const service = start('nan_at_tenure_13', {}, { golden_rows });
    await expect(service).rejects.toThrow(
      /Expected: a number from 0 to 1 for each row that explains a golden row\. Found: 1\.5\./,
    );
  });
});
