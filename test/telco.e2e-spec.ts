import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from '../src/bundle/manifest.js';
import { goldenCustomers } from './support/bundle.js';
import { post } from './support/http.js';
import { type Environment, type Service, startService } from './support/service.js';

const MODEL_PATH = 'models/telco/telco_model.onnx';
const manifest = JSON.parse(readFileSync('models/telco/telco_model.manifest.json', 'utf8')) as ModelManifest;
const CUSTOMER = manifest.examples[0]?.customer;

async function startTelco(environment: Environment = {}): Promise<Service> {
  return startService({ MODEL_PATH, MAX_EVENT_LOOP_DELAY_MS: '60000', ...environment });
}

describe('the telco model', () => {
  it.each<[string, Environment]>([
    ['on the event loop', { INFERENCE_THREADS: '0' }],
    ['on threads', { INFERENCE_THREADS: '2' }],
    ['in workers', { WORKERS: '2' }],
  ])('answers as it did in training for every golden row, %s', async (_where, environment) => {
    const service = await startTelco(environment);
    const golden = goldenCustomers(manifest);
    const expected = golden.map(({ probability }) => expect.closeTo(probability, 3) as number);
    const singles = await Promise.all(golden.map(({ customer }) => post(`${service.url}/predict`, customer)));
    expect(singles.map(({ body }) => body['churn_probability'])).toEqual(expected);

    const customers = golden.slice(0, 100).map(({ customer }) => customer);
    const { body } = await post(`${service.url}/predict/batch`, { customers });
    const predictions = body['predictions'] as { churn_probability: number }[];
    expect(predictions.map(({ churn_probability }) => churn_probability)).toEqual(expected.slice(0, 100));
    await service.stop();
  });
});

describe('a customer of the telco model', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startTelco();
  });
  afterAll(() => service.stop());

  it.each([
    [
      'contract',
      'Monthly',
      'unknown_category',
      /must be one of "Month-to-month", "One year", "Two year", but/,
    ],
    ['contract', null, 'not_a_text', /but is null\.$/],
    ['payment_method', 'x'.repeat(257), 'too_long', /a text of at most 256 characters, or null/],
    ['has_partner', 'Yes', 'not_a_boolean', /must be true or false, but is "Yes"\.$/],
    ['has_dependents', 0, 'not_a_boolean', /must be true or false, or null, but is 0\.$/],
    ['tenure_months', 1.5, 'not_an_integer', /an integer from 0 to 120, but is 1\.5\.$/],
    ['monthly_charges', 501, 'too_large', /a number from 0 to 500, but is 501\.$/],
    ['total_charges', '1', 'not_a_number', /, or null, but is "1"\.$/],
  ])('is refused %s: %j', async (field, value, code, words) => {
    const bad = { ...CUSTOMER, [field]: value };
    const single = await post(`${service.url}/predict`, bad);
    const batch = await post(`${service.url}/predict/batch`, { customers: [CUSTOMER, bad] });
    const detail = expect.stringMatching(words) as string;
    expect([single.status, single.body['errors']]).toEqual([422, [{ pointer: `/${field}`, code, detail }]]);
    expect([batch.status, batch.body['errors']]).toEqual([
      422,
      [{ pointer: `/customers/1/${field}`, code, detail }],
    ]);
  });

  it('takes a payment method that it was not fitted on, and one that is missing', async () => {
    const scores = await Promise.all(
      ['Barter', 'Pigeon', null].map((payment_method) =>
        post(`${service.url}/predict`, { ...CUSTOMER, payment_method }),
      ),
    );
    expect(scores.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [barter, pigeon] = scores.map(({ body }) => body['churn_probability']);
    expect(barter).toBe(pigeon);
  });
});
