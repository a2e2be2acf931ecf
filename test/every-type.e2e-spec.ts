import { describe, expect, it } from 'vitest';
import type { Customer } from '../src/bundle/feature.js';
import type { FieldError } from '../src/http/problems/problem.exception.js';
import { exampleOf, type OpenApiDocument } from './docs/openapi.js';
import { writeBundle } from './support/bundle.js';
import {
  CUSTOMER,
  CUSTOMERS,
  EVERY_TYPE_MODEL,
  everyTypeManifest,
  probabilityOf,
} from './support/every-type.js';
import { post, request } from './support/http.js';
import { type Environment, type Service, ServiceProcess, startService } from './support/service.js';

async function startEveryType(environment: Environment = {}): Promise<Service> {
  const MODEL_PATH = writeBundle({ model: EVERY_TYPE_MODEL, manifest: everyTypeManifest() });
  return startService({ MODEL_PATH, ...environment });
}

/** The answer to each customer, of whom nobody's features may get into another's row. */
function predictionsOf(customers: readonly Customer[]): object[] {
  return customers.map((customer) => {
    const churn_probability = expect.closeTo(probabilityOf(customer), 3) as number;
    return expect.objectContaining({ churn_probability }) as object;
  });
}

function rotated(by: number): readonly Customer[] {
  return [...CUSTOMERS.slice(by), ...CUSTOMERS.slice(0, by)];
}

describe('a model that takes every type', () => {
  it.each<[string, Environment]>([
    ['on the event loop', { INFERENCE_THREADS: '0' }],
    ['on threads', { INFERENCE_THREADS: '2' }],
    ['in workers', { WORKERS: '2' }],
  ])('answers each of many callers for its own customers, %s', async (_where, environment) => {
    const service = await startEveryType({ ...environment, MAX_EVENT_LOOP_DELAY_MS: '60000' });
    const batches = Array.from({ length: 10 }, (_, index) => rotated(7 * index));
    const [single, ...answers] = await Promise.all([
      Promise.all(CUSTOMERS.map((customer) => post(`${service.url}/predict`, customer))),
      ...batches.map((customers) => post(`${service.url}/predict/batch`, { customers })),
    ]);
    expect(single.map(({ body }) => body)).toEqual(predictionsOf(CUSTOMERS));
    answers.forEach(({ body }, index) => {
      expect(body['predictions']).toEqual(predictionsOf(batches[index] ?? []));
    });
    await service.stop();
  });

  it('takes null, or nothing, for a missing value, and text that it was not fitted on where it may', async () => {
    const service = await startEveryType();
    const customer = { ...CUSTOMER, größe: 'quite large', plan: null };
    const withoutCharges = Object.fromEntries(
      Object.entries(customer).filter(([name]) => name !== 'Monthly Charges'),
    );
    for (const body of [{ ...customer, 'Monthly Charges': null }, withoutCharges]) {
      const answer = await post(`${service.url}/predict`, body);
      expect(answer.body).toEqual(predictionsOf([body])[0]);
    }
    await service.stop();
  });

  it('is refused each kind of bad value, with the pointer of its field', async () => {
    const service = await startEveryType();
    const bad: Customer = {
      tenure: 121,
      'Monthly Charges': '79.99',
      plan: 'Basic',
      größe: null,
      'a.b/c~d': true,
      ratio: Infinity,
      visits: 2 ** 31,
      points: 2 ** 53,
      'is member': 1,
    };
    const text = JSON.stringify(bad).replace('"ratio":null', '"ratio":1e400');
    const { status, body } = await post(`${service.url}/predict`, text);
    expect(status).toBe(422);
    expect(
      (body['errors'] as FieldError[]).map(({ pointer, code, detail }) => [pointer, code, detail]),
    ).toEqual([
      ['/tenure', 'too_large', 'tenure must be an integer from 0 to 120, but is 121.'],
      [
        '/Monthly Charges',
        'not_a_number',
        'Monthly Charges must be a number of at least 0, or null, but is "79.99".',
      ],
      ['/plan', 'unknown_category', 'plan must be one of "basic", "plus", or null, but is "Basic".'],
      ['/größe', 'not_a_text', 'größe must be a text of at most 256 characters, but is null.'],
      ['/a.b~1c~0d', 'not_a_text', 'a.b/c~d must be one of "yes", "no", but is true.'],
      ['/ratio', 'not_a_number', 'ratio must be a number from -1 to 1, but is beyond the range of a double.'],
      [
        '/visits',
        'too_large',
        'visits must be at most 2147483647, the greatest number that the model takes, but is 2147483648.',
      ],
      [
        '/points',
        'too_large',
        'points must be at most 9007199254740991, the greatest number that the model takes, but is 9007199254740992.',
      ],
      ['/is member', 'not_a_boolean', 'is member must be true or false, but is 1.'],
    ]);
    await service.stop();
  });

  it('has its own fields in the docs, and examples that it answers as documented', async () => {
    const service = await startEveryType();
    const document = (await request(`${service.url}/docs-json`)).body as unknown as OpenApiDocument;
    expect(JSON.stringify(document)).not.toMatch(/tenure_months|num_products|has_support_calls/);
    const { properties, required } = document.components.schemas['Customer'] as {
      properties: Record<string, object>;
      required: string[];
    };
    expect(required).toEqual(['tenure', 'größe', 'a.b/c~d', 'ratio', 'visits', 'points', 'is member']);
    expect(properties).toMatchObject({
      tenure: { type: 'integer', minimum: 0, maximum: 120 },
      'Monthly Charges': { type: 'number', minimum: 0, nullable: true },
      plan: { type: 'string', enum: ['basic', 'plus', null], nullable: true },
      größe: { type: 'string', maxLength: 256 },
      'a.b/c~d': { type: 'string', enum: ['yes', 'no'] },
      'is member': { type: 'boolean' },
    });
    for (const path of ['/predict', '/predict/batch']) {
      const operation = document.paths[path]?.['post'];
      const example = exampleOf(document, operation?.requestBody?.content['application/json']?.schema);
      const answer = exampleOf(document, operation?.responses['200']?.content['application/json']?.schema);
      const { status, body } = await post(service.url + path, example);
      expect(status).toBe(200);
      expect({ ...body, latency_ms: 0 }).toEqual({ ...(answer as object), latency_ms: 0 });
    }
    const { body: model } = await request(`${service.url}/model`);
    expect(model['features']).toContainEqual({
      name: 'größe',
      type: 'category',
      nullable: false,
      categories: ['S', 'M'],
      unknown: 'accept',
      example: 'M',
    });
    await service.stop();
  });

  it.each([
    ['a text', { größe: 'M' }],
    ['a missing value', { plan: null }],
  ])(
    'does not start if %s of a golden row is answered otherwise than in training',
    async (_case, changed) => {
      const { golden_rows: golden, ...manifest } = everyTypeManifest();
      const { features = [], rows = [], probabilities = [] } = golden ?? {};
      const [name = ''] = Object.keys(changed);
      const column = features.indexOf(name);
      // The first row is of a customer with other values there.
      const others = rows.map((row, index) =>
        index === 0 ? row.with(column, Object.values(changed)[0]) : row,
      );
      const golden_rows = { features, rows: others, probabilities };
      const MODEL_PATH = writeBundle({ model: EVERY_TYPE_MODEL, manifest: { ...manifest, golden_rows } });
      const process = ServiceProcess.spawn({ MODEL_PATH });
      expect(await process.exit()).toBe(1);
      expect(process.lines.at(-1)?.msg).toMatch(/does not answer as it did in training\. .*golden row 0 \{/);
    },
  );
});
