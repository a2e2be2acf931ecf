import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRM_KEY, keyEntry } from './support/api-keys.js';
import {
  FEATURES,
  goldenCustomers,
  handWrittenManifest,
  readBundledManifest,
  readFixture,
  writeBundle,
} from './support/bundle.js';
import { CUSTOMERS, EVERY_TYPE_MODEL, everyTypeManifest, probabilityOf } from './support/every-type.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { newLogFolder, recordsIn } from './support/prediction-log.js';
import { type Environment, type Service, startService } from './support/service.js';
import {
  binaryRequest,
  bytesOf,
  bytesOfTexts,
  doublesOf,
  JSON_LENGTH,
  outputsOf,
  type SentTensor,
} from './support/tensors.js';

const MODEL = '/v2/models/churn_model';
const INFER = `${MODEL}/infer`;
const TWO_CUSTOMERS = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];

/** One tensor for each feature. */
function columnsOf(customers: readonly Readonly<Record<string, unknown>>[], datatype = 'FP64'): object[] {
  return FEATURES.map((name) => ({
    name,
    datatype,
    shape: [customers.length],
    data: customers.map((customer) => customer[name]),
  }));
}

function matrixOf(customers: readonly Readonly<Record<string, number>>[]): SentTensor {
  const values = customers.flatMap((customer) => FEATURES.map((name) => customer[name] ?? NaN));
  return {
    name: 'input-0',
    datatype: 'FP64',
    shape: [customers.length, FEATURES.length],
    bytes: bytesOf(Float64Array.from(values)),
  };
}

interface Inference {
  readonly model_name: string;
  readonly outputs: readonly { readonly name: string; readonly data: readonly unknown[] }[];
}

function dataOf(body: unknown, name: string): readonly unknown[] {
  return (body as Inference).outputs.find((output) => output.name === name)?.data ?? [];
}

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

describe('the Open Inference Protocol', () => {
  it('describes the server and the model, every input and output of it', async () => {
    const server = await request(`${service.url}/v2`);
    expect(server.headers.get('Content-Type')).toBe('application/json');
    expect(server.body).toEqual({
      name: 'churn-model-api',
      version: expect.any(String) as string,
      extensions: ['binary_tensor_data'],
    });
    const { body } = await request(service.url + MODEL);
    expect(body).toEqual({
      name: 'churn_model',
      versions: ['1.0.0'],
      platform: 'onnxruntime_onnx',
      inputs: FEATURES.map((name) => ({
        name,
        datatype: name.endsWith('charges') ? 'FP64' : 'INT64',
        shape: [-1],
      })),
      outputs: [
        { name: 'churn_probability', datatype: 'FP64', shape: [-1] },
        { name: 'churn_prediction', datatype: 'BOOL', shape: [-1] },
        { name: 'risk_tier', datatype: 'BYTES', shape: [-1] },
        { name: 'contributions', datatype: 'FP64', shape: [-1, 5] },
        { name: 'base_probability', datatype: 'FP64', shape: [-1] },
      ],
    });
    expect((await request(`${service.url}${MODEL}/versions/1.0.0`)).body).toEqual(body);
  });

  it('is live and ready', async () => {
    const of = async (path: string): Promise<unknown> => (await request(service.url + path)).body;
    expect(await of('/v2/health/live')).toEqual({ live: true });
    expect(await of('/v2/health/ready')).toEqual({ ready: true });
    expect(await of(`${MODEL}/ready`)).toEqual({ name: 'churn_model', ready: true });
    expect(await of(`${MODEL}/versions/1.0.0/ready`)).toEqual({ name: 'churn_model', ready: true });
  });

  it('scores the golden rows as training did, unrounded', async () => {
    const golden = goldenCustomers(readBundledManifest()).filter(
      ({ customer }) =>
        Number(customer['tenure_months']) <= 120 && Number(customer['monthly_charges']) <= 500,
    );
    const { status, body } = await post(service.url + INFER, {
      inputs: columnsOf(golden.map(({ customer }) => customer)),
    });
    expect(status).toBe(200);
    const probabilities = dataOf(body, 'churn_probability') as number[];
    golden.forEach(({ probability }, row) => {
      expect(Math.abs((probabilities[row] ?? NaN) - probability)).toBeLessThanOrEqual(1e-5);
    });
  });

  it('answers as POST /predict/batch, whatever form the tensors have', async () => {
    const { body: batch } = await post(`${service.url}/predict/batch`, { customers: TWO_CUSTOMERS });
    const predictions = batch['predictions'] as Record<string, unknown>[];
    const rows = TWO_CUSTOMERS.map((customer) => Object.values(customer));
    const matrix = { name: 'x', datatype: 'FP64', shape: [2, 5] };
    const nested = columnsOf(TWO_CUSTOMERS).map((column) => ({
      ...column,
      shape: [2, 1],
      data: (column as { data: unknown[] }).data.map((value) => [value]),
    }));
    for (const inputs of [
      columnsOf(TWO_CUSTOMERS),
      nested,
      columnsOf(TWO_CUSTOMERS).reverse(),
      [{ ...matrix, data: rows }],
      [{ ...matrix, data: rows.flat() }],
    ]) {
      const { status, body } = await post(service.url + INFER, { id: 'a-1', inputs });
      expect(status).toBe(200);
      expect(body).toMatchObject({ model_name: 'churn_model', model_version: '1.0.0', id: 'a-1' });
      expect(
        (dataOf(body, 'churn_probability') as number[]).map((value) => Number(value.toFixed(4))),
      ).toEqual(predictions.map(({ churn_probability }) => churn_probability));
      expect(dataOf(body, 'churn_prediction')).toEqual([true, false]);
      expect(dataOf(body, 'risk_tier')).toEqual(['HIGH', 'LOW']);
    }
  });

  it('takes and gives binary data, and each output as it is asked for', async () => {
    const [tenure, monthly, total, products, calls] = FEATURES.map((name) =>
      TWO_CUSTOMERS.map((customer) => customer[name as keyof typeof customer]),
    ) as [number[], number[], number[], number[], number[]];
    const tensor = (name: string, datatype: string, values: NodeJS.TypedArray): SentTensor => ({
      name,
      datatype,
      shape: [2],
      bytes: bytesOf(values),
    });
    const { body, headers } = binaryRequest(
      [
        tensor('tenure_months', 'INT64', BigInt64Array.from(tenure, BigInt)),
        tensor('monthly_charges', 'FP32', Float32Array.from(monthly)),
        tensor('total_charges', 'FP64', Float64Array.from(total)),
        tensor('num_products', 'INT16', Int16Array.from(products)),
        tensor('has_support_calls', 'UINT8', Uint8Array.from(calls)),
      ],
      {
        parameters: { binary_data_output: true },
        outputs: [
          { name: 'risk_tier' },
          { name: 'churn_probability', parameters: { binary_data: false } },
          { name: 'churn_prediction' },
        ],
      },
    );
    const response = await fetch(service.url + INFER, { method: 'POST', body, headers });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('application/octet-stream');
    const outputs = await outputsOf(response);
    expect([...outputs.keys()]).toEqual(['risk_tier', 'churn_probability', 'churn_prediction']);
    expect(outputs.get('risk_tier')?.bytes).toEqual(bytesOfTexts(['HIGH', 'LOW']));
    expect(outputs.get('churn_prediction')?.bytes).toEqual(Buffer.from([1, 0]));
    expect(outputs.get('churn_probability')?.data?.[0]).toBeCloseTo(0.8889, 4);
  });

  it('takes a raw body of all numbers', async () => {
    const response = await fetch(service.url + INFER, {
      method: 'POST',
      body: new Uint8Array(matrixOf(TWO_CUSTOMERS).bytes),
      headers: { [JSON_LENGTH]: '0' },
    });
    const outputs = await outputsOf(response);
    const probabilities = outputs.get('churn_probability');
    expect(probabilities && doublesOf(probabilities)[0]).toBeCloseTo(0.8889, 4);
  });

  it('says why, if it is asked for: base and contributions add up to the probability', async () => {
    const names = ['churn_probability', 'contributions', 'base_probability'];
    const { status, body } = await post(service.url + INFER, {
      inputs: columnsOf(TWO_CUSTOMERS),
      outputs: names.map((name) => ({ name })),
    });
    expect(status).toBe(200);
    const [probabilities, contributions, bases] = names.map((name) => dataOf(body, name) as number[]);
    TWO_CUSTOMERS.forEach((_, row) => {
      const own = contributions?.slice(row * 5, row * 5 + 5) ?? [];
      const total = own.reduce((sum, value) => sum + value, bases?.[row] ?? NaN);
      expect(total).toBeCloseTo(probabilities?.[row] ?? NaN, 6);
    });
    const { body: explained } = await post(`${service.url}/predict/explain`, HIGH_RISK_CUSTOMER);
    for (const each of explained['contributions'] as { feature: string; contribution: number }[]) {
      expect(contributions?.[FEATURES.indexOf(each.feature)]).toBeCloseTo(each.contribution, 9);
    }
  });

  it('scores ten thousand rows, and logs one line', async () => {
    const customers = Array.from({ length: 10_000 }, (_, index) => ({
      ...HIGH_RISK_CUSTOMER,
      tenure_months: index % 121,
    }));
    const { body, headers } = binaryRequest([matrixOf(customers)], {
      parameters: { binary_data_output: true },
    });
    const response = await fetch(service.url + INFER, { method: 'POST', body, headers });
    const probabilities = doublesOf(
      (await outputsOf(response)).get('churn_probability') ?? { bytes: Buffer.of() },
    );
    expect(probabilities).toHaveLength(10_000);
    const { body: few } = await post(service.url + INFER, { inputs: columnsOf(customers.slice(0, 50)) });
    (dataOf(few, 'churn_probability') as number[]).forEach((probability, row) => {
      expect(probabilities[row]).toBeCloseTo(probability, 6);
      expect(probabilities[row + 121 * 10]).toBe(probabilities[row]);
    });
    const line = await service.process.requestLine(response.headers.get('X-Request-Id') ?? '');
    expect(line).toMatchObject({
      status: 200,
      route: '/v2/models/:name/infer',
      batch_size: 10_000,
      model_version: '1.0.0',
    });
  });
});

describe('a request that is refused', () => {
  const columns = columnsOf(TWO_CUSTOMERS) as { name: string; data: unknown[]; shape: number[] }[];
  const without = columns.slice(1);
  const withData = (data: unknown, rest: object = {}): object[] => [
    { ...columns[0], data, ...rest },
    ...without,
  ];

  it.each<[string, unknown, string]>([
    ['no object', [], 'The body must be a JSON object, but is an empty array.'],
    ['no inputs', {}, 'inputs is required: it must be an array.'],
    ['empty inputs', { inputs: [] }, 'inputs must have a tensor for each feature, but is empty.'],
    ['a text for inputs', { inputs: 'x' }, 'inputs must be an array, but is "x".'],
    ['an input that is no object', { inputs: [7] }, 'inputs[0] must be an object, but is 7.'],
    ['an id that is no text', { id: 7, inputs: columns }, 'id must be a text, but is 7.'],
    [
      'a datatype that is none',
      { inputs: withData([6, 48], { datatype: 'FP16' }) },
      'inputs[0].datatype must be one of BOOL, UINT8,',
    ],
    [
      'a shape that is none',
      { inputs: withData([6, 48], { shape: [-2] }) },
      'inputs[0].shape must be an array of integers from 0 on',
    ],
    [
      'too few elements',
      { inputs: withData([6]) },
      'The input "tenure_months" must have 2 elements, as its shape says, but has 1.',
    ],
    [
      'an element of another datatype',
      { inputs: withData([6, '48']) },
      'Element 1 of the input "tenure_months" must be a number (FP64) or null, but is "48".',
    ],
    [
      'a fraction for an integer',
      { inputs: withData([6.5, 48], { datatype: 'INT64' }) },
      'Element 0 of the input "tenure_months" must be an integer of the datatype INT64, or null, but is 6.5.',
    ],
    [
      'a text for a number',
      { inputs: withData(['6', '48'], { datatype: 'BYTES' }) },
      'The input "tenure_months" must have a datatype of numbers, but has BYTES.',
    ],
    [
      'more columns than one',
      { inputs: withData([6, 48, 6, 48], { shape: [2, 2] }) },
      'The input "tenure_months" must have the shape [rows] or [rows, 1], but has [2, 2].',
    ],
    [
      'fewer rows than others',
      { inputs: withData([6], { shape: [1] }) },
      'The input "monthly_charges" has 2 rows, but "tenure_months" has 1. All inputs must have as many.',
    ],
    ['a missing feature', { inputs: without }, 'The input "tenure_months" is missing.'],
    ['a feature twice', { inputs: [...columns, columns[0]] }, 'The input "tenure_months" is there twice.'],
    [
      'an unknown feature',
      { inputs: [...columns, { ...columns[0], name: 'tenure' }] },
      'The input "tenure" is no feature. The features are "tenure_months", "monthly_charges",',
    ],
    [
      'a matrix of too few columns',
      { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 4], data: [1, 2, 3, 4] }] },
      'The input "x" must have the shape [rows, 5], but has [1, 4]. Its columns are "tenure_months",',
    ],
    ['no rows', { inputs: columnsOf([]) }, 'The inputs have no rows; send at least one.'],
    [
      'an unknown output',
      { inputs: columns, outputs: [{ name: 'score' }] },
      'The output "score" is unknown. The outputs are churn_probability, churn_prediction, risk_tier,',
    ],
    [
      'values out of bounds',
      { inputs: withData([6, 999]) },
      '1 row is invalid. row 1: tenure_months must be an integer from 0 to 120, but is 999.',
    ],
    [
      'a missing value',
      { inputs: withData([null, 48]) },
      '1 row is invalid. row 0: tenure_months must be an integer from 0 to 120, but is null.',
    ],
    [
      'reasons for many rows',
      { inputs: columnsOf(Array(11).fill(HIGH_RISK_CUSTOMER)), outputs: [{ name: 'contributions' }] },
      'The inputs have 11 rows; contributions and base_probability are answered for 10 at most.',
    ],
    [
      'bytes that are not there',
      { inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 5], parameters: { binary_data_size: 40 } }] },
      'inputs[0].parameters.binary_data_size is 40, but only 0 bytes of binary data are left.',
    ],
  ])('for %s is told why, as the protocol wants it', async (_case, sent, error) => {
    const { status, headers, body, requestId } = await post(service.url + INFER, sent);
    expect(body['error']).toContain(error);
    expect(Object.keys(body)).toEqual(['error']);
    expect(status).toBe(400);
    expect(headers.get('Content-Type')).toBe('application/json');
    const line = await service.process.requestLine(requestId);
    expect(line).toMatchObject({ status: 400, code: 'validation_failed' });
  });

  it('names no more than ten errors of rows', async () => {
    const inputs = columnsOf(Array(100).fill({ ...HIGH_RISK_CUSTOMER, tenure_months: 999 }));
    const { body } = await post(service.url + INFER, { inputs });
    expect(body['error']).toMatch(
      /^100 rows are invalid\. row 0: .*row 9: .*Further errors are not listed\.$/,
    );
  });

  it.each([
    ['a body that is no JSON', '{', 400, 'JSON'],
    ['NaN in JSON', '{"inputs":[{"data":[1,NaN]}]}', 400, 'send null for a missing number'],
    ['deep JSON', `{"inputs":${'['.repeat(40)}${']'.repeat(40)}}`, 400, '32 levels'],
  ])('for %s is told so', async (_case, text, status, error) => {
    const answer = await post(service.url + INFER, text);
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toContain(error);
  });

  it.each([
    ['is no number', '1e3', 'must be an integer from 0 to the'],
    ['is beyond the body', '99999', 'must be an integer from 0 to the'],
    ['leaves bytes over', '2', 'required'],
  ])('for a length of the JSON that %s', async (_case, length, error) => {
    const answer = await post(service.url + INFER, '{}  ', { [JSON_LENGTH]: length });
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toContain(error);
  });

  it.each([
    ['another model', '/v2/models/loyalty', 'The model "loyalty" is not served here; "churn_model" is.'],
    [
      'another version',
      `${MODEL}/versions/2`,
      'Version "2" of "churn_model" is not served here; "1.0.0" is.',
    ],
    ['another path', '/v2/repository/index', 'Nothing is served at /v2/repository/index'],
  ])('for %s is not found', async (_case, path, error) => {
    const { status, headers, body } = await request(service.url + path);
    expect(status).toBe(404);
    expect(headers.get('Content-Type')).toBe('application/json');
    expect(body['error']).toContain(error);
  });

  it('is refused for its method and its content type', async () => {
    const byMethod = await request(service.url + INFER);
    expect([byMethod.status, byMethod.headers.get('Allow'), Object.keys(byMethod.body)]).toEqual([
      405,
      'POST',
      ['error'],
    ]);
    const byType = await post(service.url + INFER, '{}', { 'Content-Type': 'text/csv' });
    expect(byType.status).toBe(415);
    expect(byType.body['error']).toContain('send application/json, or application/octet-stream');
  });
});

describe('a service with limits', () => {
  let limited: Service;
  beforeAll(async () => {
    limited = await startService({
      API_KEYS: keyEntry('crm', CRM_KEY),
      MAX_INFER_ROWS: '5',
      RATE_LIMIT_REQUESTS: '4',
      RATE_LIMIT_WINDOW_MS: '3600000',
    });
  });
  afterAll(async () => {
    await limited.stop();
  });

  it('wants a key, bounds rows, bytes and requests, and needs none for probes', async () => {
    const url = limited.url + INFER;
    const key = { 'X-API-Key': CRM_KEY };
    const errors = [
      await post(url, {}),
      await post(url, { inputs: columnsOf(Array(6).fill(HIGH_RISK_CUSTOMER)) }, key),
      await post(url, ' '.repeat(200_000), key),
      await post(url, { inputs: columnsOf(Array(5).fill(HIGH_RISK_CUSTOMER)) }, key),
      await post(url, {}, key),
      await post(url, {}, key),
    ].map(({ status, headers, body }) => [status, headers.get('Content-Type'), body['error']]);
    const json = 'application/json';
    expect(errors).toEqual([
      [401, json, expect.stringContaining('An API key is needed')],
      [400, json, 'The inputs have 6 rows; send 5 at most in one request (MAX_INFER_ROWS).'],
      [413, json, expect.stringContaining('bytes at most')],
      [200, json, undefined],
      [400, json, 'inputs is required: it must be an array.'],
      [429, json, expect.stringContaining('try again in')],
    ]);
    expect((await request(`${limited.url}/v2/health/ready`)).status).toBe(200);
  });
});

describe('a model of every type', () => {
  const NAMES = [
    'tenure',
    'Monthly Charges',
    'plan',
    'größe',
    'a.b/c~d',
    'ratio',
    'visits',
    'points',
    'is member',
  ];
  async function startMixed(): Promise<Service> {
    return startService({
      MODEL_PATH: writeBundle({ model: EVERY_TYPE_MODEL, manifest: everyTypeManifest() }),
    });
  }

  function expectProbabilities(probabilities: readonly unknown[]): void {
    expect(probabilities).toHaveLength(CUSTOMERS.length);
    CUSTOMERS.forEach((customer, row) => {
      expect(probabilities[row]).toBeCloseTo(probabilityOf(customer), 5);
    });
  }

  it('tells a datatype for each feature in which all its values can be sent', async () => {
    const mixed = await startMixed();
    const { body } = await request(`${mixed.url}/v2/models/every_type`);
    const inputs = body['inputs'] as { name: string; datatype: string }[];
    expect(inputs.map(({ name, datatype }) => [name, datatype])).toEqual([
      ['tenure', 'INT64'],
      ['Monthly Charges', 'FP64'],
      ['plan', 'BYTES'],
      ['größe', 'BYTES'],
      ['a.b/c~d', 'BYTES'],
      ['ratio', 'FP64'],
      ['visits', 'INT64'],
      ['points', 'INT64'],
      ['is member', 'BOOL'],
    ]);
    expect((body['outputs'] as object[]).length).toBe(3);
    await mixed.stop();
  });

  it('scores texts, booleans and missing values in JSON', async () => {
    const mixed = await startMixed();
    const datatypes: Record<string, string> = {
      plan: 'BYTES',
      größe: 'BYTES',
      'a.b/c~d': 'BYTES',
      'is member': 'BOOL',
    };
    const inputs = NAMES.map((name) => ({
      name,
      datatype: datatypes[name] ?? 'FP64',
      shape: [CUSTOMERS.length, 1],
      data: CUSTOMERS.map((customer) => customer[name] ?? null),
    }));
    const { status, body } = await post(`${mixed.url}/v2/models/every_type/infer`, { inputs });
    expect(status).toBe(200);
    expectProbabilities(dataOf(body, 'churn_probability'));
    await mixed.stop();
  });

  it('scores them as binary data, in which a text or NaN stands for what is missing', async () => {
    const mixed = await startMixed();
    const rows = CUSTOMERS.length;
    const tensor = (name: string): SentTensor => {
      const values = CUSTOMERS.map((customer) => customer[name]);
      switch (name) {
        case 'plan':
        case 'größe':
        case 'a.b/c~d':
          return {
            name,
            datatype: 'BYTES',
            shape: [rows],
            bytes: bytesOfTexts(values.map((text) => String(text ?? 'nan'))),
          };
        case 'is member':
          return { name, datatype: 'BOOL', shape: [rows], bytes: bytesOf(Uint8Array.from(values, Number)) };
        case 'points':
          return {
            name,
            datatype: 'INT64',
            shape: [rows],
            bytes: bytesOf(BigInt64Array.from(values, (value) => BigInt(value as number))),
          };
        case 'visits':
          return { name, datatype: 'INT8', shape: [rows], bytes: bytesOf(Int8Array.from(values, Number)) };
        default:
          return {
            name,
            datatype: 'FP64',
            shape: [rows],
            bytes: bytesOf(Float64Array.from(values, (value) => (value === null ? NaN : Number(value)))),
          };
      }
    };
    const { body, headers } = binaryRequest(NAMES.map(tensor), { outputs: [{ name: 'churn_probability' }] });
    const response = await fetch(`${mixed.url}/v2/models/every_type/infer`, {
      method: 'POST',
      body,
      headers,
    });
    expect(response.status).toBe(200);
    expectProbabilities((await outputsOf(response)).get('churn_probability')?.data ?? []);
    await mixed.stop();
  });

  it.each([
    ['reasons', { outputs: [{ name: 'contributions' }] }, 'no background rows to explain it against'],
    [
      'a matrix',
      { inputs: [{ name: 'x', datatype: 'FP64', shape: [1, 9], data: Array(9).fill(1) }] },
      '"plan" is a text',
    ],
  ])('has no %s', async (_case, changes, error) => {
    const mixed = await startMixed();
    const inputs = [{ name: 'tenure', datatype: 'INT64', shape: [1], data: [1] }];
    const { status, body } = await post(`${mixed.url}/v2/models/every_type/infer`, { inputs, ...changes });
    expect(status).toBe(400);
    expect(body['error']).toContain(error);
    await mixed.stop();
  });

  it('names the category that is refused', async () => {
    const mixed = await startMixed();
    const bad = { ...CUSTOMERS[1], plan: 'gold' } as Record<string, unknown>;
    const inputs = NAMES.map((name) => ({
      name,
      datatype: typeof bad[name] === 'string' ? 'BYTES' : typeof bad[name] === 'boolean' ? 'BOOL' : 'FP64',
      shape: [1],
      data: [bad[name]],
    }));
    const { body } = await post(`${mixed.url}/v2/models/every_type/infer`, { inputs });
    expect(body['error']).toBe(
      '1 row is invalid. row 0: plan must be one of "basic", "plus", or null, but is "gold".',
    );
    await mixed.stop();
  });
});

describe('rows that come as tensors', () => {
  /** So many that their memory is freed as soon as nobody needs it. */
  const ROWS = 1000;
  const customers = Array.from({ length: ROWS }, (_, index) => ({
    ...HIGH_RISK_CUSTOMER,
    tenure_months: index % 121,
  }));

  async function inferMany(url: string): Promise<Response> {
    const { body, headers } = binaryRequest([matrixOf(customers)]);
    const response = await fetch(url + INFER, { method: 'POST', body, headers });
    expect(response.status).toBe(200);
    return response;
  }

  it('are counted for metrics and drift, recorded, and scored by a candidate', async () => {
    const folder = newLogFolder();
    const environment: Environment = {
      PREDICTION_LOG: 'true',
      PREDICTION_LOG_PATH: folder,
      SHADOW_MODEL_PATH: 'models/churn_model.onnx',
    };
    const watched = await startService(environment);
    await watched.process.line(({ msg }) => msg.startsWith('the candidate is proven'));
    const response = await inferMany(watched.url);
    const probabilities = (await outputsOf(response)).get('churn_probability')?.data ?? [];
    let scrape = await Scrape.of(watched.url);
    expect(scrape.sum('churn_predictions_total')).toBe(ROWS);
    expect(scrape.sum('churn_probability_count')).toBe(ROWS);
    expect(scrape.sum('score_rows_total')).toBe(ROWS);
    while (scrape.sum('shadow_rows_total') < ROWS) {
      scrape = await Scrape.of(watched.url);
    }
    expect(scrape.sum('shadow_rows_total', { outcome: 'compared' })).toBe(ROWS);
    expect(await watched.stop()).toBe(0);

    const records = recordsIn(folder);
    expect(records.map(({ row }) => row)).toEqual(customers.map((_, row) => row));
    expect(records.map(({ features }) => features)).toEqual(customers);
    expect(records.map(({ probability }) => probability)).toEqual(probabilities);
    expect(records.every(({ shadow }) => shadow !== undefined)).toBe(true);
  });

  it('are counted if nobody else watches', async () => {
    const unwatched = await startService();
    await inferMany(unwatched.url);
    const scrape = await Scrape.of(unwatched.url);
    const tenures = customers.filter(({ tenure_months }) => tenure_months < 6).length;
    expect(scrape.sum('score_rows_total')).toBe(ROWS);
    expect(scrape.sum('feature_rows_total', { feature: 'tenure_months', bin: '[0, 6)' })).toBe(tenures);
    await unwatched.stop();
  });

  it('let single predictions through between their slices', async () => {
    const model = readFixture('heavy_row');
    const MODEL_PATH = writeBundle({ model, manifest: handWrittenManifest(model) });
    const heavy = await startService({
      MODEL_PATH,
      ALLOW_UNVERIFIED_MODEL: 'true',
      REQUEST_TIMEOUT_MS: '60000',
    });
    const order: string[] = [];
    const inference = fetch(`${heavy.url}/v2/models/model/infer`, {
      method: 'POST',
      ...binaryRequest([matrixOf(customers.slice(0, 101))]),
    }).then(({ status }) => order.push(`inference ${status}`));
    while ((await Scrape.of(heavy.url)).sum('model_idle_rows_waiting') === 0);
    for (let prediction = 0; prediction < 3; prediction++) {
      const { status } = await post(`${heavy.url}/predict`, HIGH_RISK_CUSTOMER);
      order.push(`prediction ${status}`);
    }
    await inference;
    expect(order).toEqual(['prediction 200', 'prediction 200', 'prediction 200', 'inference 200']);
    await heavy.stop();
  });
});

it('a service that shuts down is not ready, and still answers', async () => {
  const leaving = await startService({ SHUTDOWN_DELAY_MS: '60000' });
  leaving.process.signal('SIGTERM');
  await leaving.process.line(({ msg }) => msg === 'draining');
  const ready = await request(`${leaving.url}/v2/health/ready`);
  expect([ready.status, ready.body]).toEqual([503, { ready: false, error: 'The model is draining.' }]);
  const model = await request(`${leaving.url}${MODEL}/ready`);
  expect([model.status, model.body['ready']]).toEqual([503, false]);
  expect((await post(leaving.url + INFER, { inputs: columnsOf(TWO_CUSTOMERS) })).status).toBe(200);
  leaving.process.signal('SIGTERM');
  expect(await leaving.process.exit()).toBe(1);
});

it('workers answer alike', async () => {
  const fleet = await startService({ WORKERS: '2' });
  await fleet.process.line(({ msg }) => msg === 'all workers are ready');
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      post(fleet.url + INFER, { inputs: columnsOf(TWO_CUSTOMERS) }, { Connection: 'close' }),
    ),
  );
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await fleet.stop()).toBe(0);
});
