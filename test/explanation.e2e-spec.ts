import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../src/bundle/feature.js';
import type { ModelManifest, StatedExplanations } from '../src/bundle/manifest.js';
import { CRM_KEY, keyEntry } from './support/api-keys.js';
import {
  FEATURES,
  fixtureManifest,
  fixtureProbability,
  readBundledManifest,
  readFixture,
  writeBundle,
} from './support/bundle.js';
import { BACKGROUND, explanationsOf, FIXTURE_EXPLANATIONS } from './support/explanations.js';
import { type Answer, HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { type Environment, type Service, ServiceProcess, startService } from './support/service.js';

interface Contribution {
  readonly feature: string;
  readonly value: number | string | boolean | null;
  readonly contribution: number;
  readonly standard_error?: number;
}

interface Explanation {
  readonly churn_probability: number;
  readonly base_probability: number;
  readonly method: { kind: string; background_rows: number; model_evaluations: number };
  readonly contributions: readonly Contribution[];
  readonly others?: { features: number; contribution: number };
}

function explainableBundle(changes: Partial<ModelManifest> = {}, graph = 'matrix_float64'): string {
  const model = readFixture(graph);
  const inputs = [
    { name: 'features', type: graph === 'matrix_float64' ? 'float64' : 'float32', features: FEATURES },
  ] as const;
  const manifest = fixtureManifest(model, { inputs, explanations: FIXTURE_EXPLANATIONS, ...changes });
  return writeBundle({ model, manifest });
}

function explanation({ body }: Answer): Explanation {
  return body as unknown as Explanation;
}

function sum({ base_probability, contributions, others }: Explanation): number {
  return contributions.reduce(
    (total, { contribution }) => total + contribution,
    base_probability + (others?.contribution ?? 0),
  );
}

function valuesOf(customer: Customer): number[] {
  return FEATURES.map((name) => Number(customer[name]));
}

describe('POST /predict/explain', () => {
  it.each<[string, Environment]>([
    ['on the event loop', { INFERENCE_THREADS: '0' }],
    ['on threads', { INFERENCE_THREADS: '2' }],
    ['in workers', { WORKERS: '2' }],
  ])('gives the exact reasons of a score, %s', async (_where, environment) => {
    const service = await startService({ MODEL_PATH: explainableBundle(), ...environment });
    for (const customer of [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER]) {
      const values = valuesOf(customer);
      const [expected] = explanationsOf(FEATURES, fixtureProbability, BACKGROUND, [values]).golden;
      const answer = await post(`${service.url}/predict/explain`, customer);
      expect(answer.status).toBe(200);
      const { contributions, ...rest } = explanation(answer);
      const prediction = await post(`${service.url}/predict`, customer);
      expect(rest).toEqual({
        ...prediction.body,
        base_probability: expect.closeTo(FIXTURE_EXPLANATIONS.base_probability, 6) as number,
        method: { kind: 'exact', background_rows: 20, model_evaluations: expect.any(Number) as number },
      });
      for (const { feature, value, contribution } of contributions) {
        const column = FEATURES.indexOf(feature);
        expect(value).toBe(values[column]);
        expect(contribution).toBeCloseTo(expected?.contributions[column] ?? NaN, 6);
      }
      const sizes = contributions.map(({ contribution }) => Math.abs(contribution));
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(Math.abs(sum(explanation(answer)) - fixtureProbability(values))).toBeLessThan(1e-6);
    }
    await service.stop();
  });
});

describe('explanations', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.stop());

  it('list the strongest contributions, and add the others up, with ?top', async () => {
    const all = explanation(await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER));
    const top = explanation(await post(`${service.url}/predict/explain?top=2`, HIGH_RISK_CUSTOMER));
    expect(top.contributions).toEqual(all.contributions.slice(0, 2));
    expect(top.others?.features).toBe(3);
    expect(sum(top)).toBeCloseTo(sum(all), 12);
    const more = explanation(await post(`${service.url}/predict/explain?top=99`, HIGH_RISK_CUSTOMER));
    expect(more.others).toEqual({ features: 0, contribution: 0 });
  });

  it.each(['0', '-1', '1.5', 'all', '', '1&top=2', '99999'])('refuse ?top=%s', async (top) => {
    const { status, body } = await post(`${service.url}/predict/explain?top=${top}`, HIGH_RISK_CUSTOMER);
    expect(status).toBe(400);
    expect(body['code']).toBe('malformed_request');
    expect(body['detail']).toMatch(/^The query parameter top must be an integer from 1 to 9999, but is /);
  });

  it('come in batches of 10 at most, in the order of the customers', async () => {
    const customers = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER];
    const { status, body } = await post(`${service.url}/predict/explain/batch`, { customers });
    expect(status).toBe(200);
    expect(body['batch_size']).toBe(3);
    const alone = await Promise.all(
      customers.map(async (customer) => explanation(await post(`${service.url}/predict/explain`, customer))),
    );
    expect(body['explanations']).toEqual(alone);

    const tooMany = { customers: Array(11).fill(HIGH_RISK_CUSTOMER) };
    const refused = await post(`${service.url}/predict/explain/batch`, tooMany);
    expect(refused.status).toBe(422);
    expect(refused.body['errors']).toEqual([
      {
        pointer: '/customers',
        code: 'too_many_items',
        detail: 'customers must be an array of 1 to 10 objects, but is an array of 11 items.',
      },
    ]);
  });

  it('are refused for a customer that is not valid, as a prediction is', async () => {
    const bad = { ...HIGH_RISK_CUSTOMER, tenure_months: 999 };
    const { body } = await post(`${service.url}/predict`, bad);
    const refused = await post(`${service.url}/predict/explain`, bad);
    expect(refused.status).toBe(422);
    expect(refused.body['errors']).toEqual(body['errors']);
    const inBatch = await post(`${service.url}/predict/explain/batch`, {
      customers: [HIGH_RISK_CUSTOMER, bad],
    });
    expect(inBatch.body['errors']).toMatchObject([
      { pointer: '/customers/1/tenure_months', code: 'too_large' },
    ]);
  });

  it('are counted and logged, without the values of the customer', async () => {
    const before = await Scrape.of(service.url);
    const { requestId, body } = await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER);
    const after = await Scrape.of(service.url);
    const { method } = body as unknown as Explanation;
    const grown = (name: string): number => after.sum(name) - before.sum(name);
    expect(grown('explanations_total')).toBe(1);
    expect(after.sum('explanations_total', { method: 'sampled' })).toBe(0);
    expect(grown('explanation_model_evaluations_total')).toBe(method.model_evaluations);
    expect(grown('explanation_duration_seconds_count')).toBe(1);
    expect(grown('churn_predictions_total')).toBe(0);
    const line = await service.process.line(({ request_id }) => request_id === requestId);
    expect(line).toMatchObject({
      route: '/predict/explain',
      batch_size: 1,
      model_version: '1.0.0',
      model_evaluations: method.model_evaluations,
    });
    expect(JSON.stringify(line)).not.toContain('79.99');
  });

  it('are said of in GET /model', async () => {
    const { body } = await request(`${service.url}/model`);
    const { background = [], base_probability, golden = [] } = readBundledManifest().explanations ?? {};
    expect(body['explanations']).toEqual({
      background_rows: background.length,
      base_probability,
      golden_explanations: golden.length,
    });
  });
});

describe('a budget that all coalitions do not fit into', () => {
  it('gives estimates with standard errors, which add up and are the same each time', async () => {
    const service = await startService({ MODEL_PATH: explainableBundle(), EXPLANATION_ROWS: '160' });
    const [expected] = explanationsOf(FEATURES, fixtureProbability, BACKGROUND, [
      valuesOf(HIGH_RISK_CUSTOMER),
    ]).golden;
    const answer = await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER);
    const { method, contributions } = explanation(answer);
    expect(method.kind).toBe('sampled');
    expect(method.model_evaluations).toBeLessThanOrEqual(160);
    for (const { feature, contribution, standard_error = NaN } of contributions) {
      const exact = expected?.contributions[FEATURES.indexOf(feature)] ?? NaN;
      expect(Math.abs(contribution - exact)).toBeLessThan(4 * standard_error + 1e-6);
    }
    expect(Math.abs(sum(explanation(answer)) - (expected?.probability ?? NaN))).toBeLessThan(1e-6);
    const again = await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER);
    expect(again.body).toEqual(answer.body);
    const { body } = await post(`${service.url}/predict/explain/batch`, {
      customers: [LOW_RISK_CUSTOMER, HIGH_RISK_CUSTOMER],
    });
    expect((body['explanations'] as object[])[1]).toEqual(answer.body);
    await service.stop();
  });
});

describe('a bundle without a background', () => {
  it('gives predictions, and answers 501 to explanations, whatever the body', async () => {
    const model = readFixture('matrix_float32');
    const manifest = { ...fixtureManifest(model), explanations: undefined };
    const service = await startService({ MODEL_PATH: writeBundle({ model, manifest }) });
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    for (const path of ['/predict/explain', '/predict/explain/batch']) {
      const { status, body } = await post(`${service.url}${path}`, {});
      expect(status).toBe(501);
      expect(body['code']).toBe('explanations_unavailable');
    }
    expect((await request(`${service.url}/model`)).body['explanations']).toBeUndefined();
    await service.stop();
  });
});

/** The explanations with other numbers, which add up. */
function shifted(base: number, ...contributions: readonly number[]): StatedExplanations {
  return {
    ...FIXTURE_EXPLANATIONS,
    base_probability: FIXTURE_EXPLANATIONS.base_probability + base,
    golden: FIXTURE_EXPLANATIONS.golden.map((golden) => ({
      ...golden,
      contributions: golden.contributions.map((value, column) => value + (contributions[column] ?? 0)),
    })),
  };
}

describe('a start', () => {
  it.each<[string, StatedExplanations, RegExp]>([
    [
      'a contribution',
      shifted(0, 1e-4, -1e-4),
      /for the contribution of tenure_months in golden explanation 0, within 0\.00002/,
    ],
    ['the base probability', shifted(1e-4, -1e-4), /for the base probability, within 0\.00001/],
  ])('is refused if %s is not that of the training side', async (_what, explanations, words) => {
    const process = ServiceProcess.spawn({ MODEL_PATH: explainableBundle({ explanations }) });
    expect(await process.exit()).toBe(1);
    const fatal = process.lines.find(({ level }) => level === 'fatal')?.msg;
    expect(fatal).toMatch(/^The model does not explain its answers as the training side did\./);
    expect(fatal).toMatch(words);
  });
});

describe('a key', () => {
  it('is needed for explanations where it is needed for predictions', async () => {
    const service = await startService({
      MODEL_PATH: explainableBundle(),
      API_KEYS: keyEntry('crm', CRM_KEY),
    });
    expect((await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER)).status).toBe(401);
    const headers = { 'X-API-Key': CRM_KEY };
    expect((await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER, headers)).status).toBe(200);
    await service.stop();
  });
});

describe('the telco model', () => {
  it('explains texts, booleans and missing values', async () => {
    const service = await startService({ MODEL_PATH: 'models/telco/telco_model.onnx' });
    const manifest = JSON.parse(
      readFileSync('models/telco/telco_model.manifest.json', 'utf8'),
    ) as ModelManifest;
    for (const { customer } of manifest.examples) {
      const answer = await post(`${service.url}/predict/explain`, { ...customer, total_charges: null });
      expect(answer.status).toBe(200);
      const { contributions, churn_probability } = explanation(answer);
      expect(contributions.map(({ feature }) => feature).sort()).toEqual(
        manifest.features.map(({ name }) => name).sort(),
      );
      expect(contributions).toContainEqual(
        expect.objectContaining({ feature: 'total_charges', value: null }),
      );
      expect(sum(explanation(answer))).toBeCloseTo(churn_probability, 4);
    }
    await service.stop();
  });
});
