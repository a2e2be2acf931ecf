import { createHash } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { GoldenRows, ModelManifest } from '../../src/bundle/manifest.js';
import {
  column,
  FEATURES,
  fixtureManifest,
  fixtureProbability,
  goldenRows,
  handWrittenManifest,
  matrix,
  readBundledManifest,
  readBundledModel,
  readFixture,
  writeBundle,
} from '../support/bundle.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { type Environment, ServiceProcess, startService } from '../support/service.js';
import { customerOf, matrixOf } from '../support/tensor-client.js';

function goldenRowsOf({ golden_rows }: ModelManifest): GoldenRows {
  if (golden_rows === undefined) {
    throw new Error('The manifest has no golden rows.');
  }
  return golden_rows;
}

/** The one line that a start with this model ends in, after exit code 1 and nothing else on the terminal. */
async function failedStart(path: string, environment: Environment = {}): Promise<string> {
  const process = ServiceProcess.spawn({ MODEL_PATH: path, ...environment });
  expect(await process.exit()).toBe(1);
  expect(process.noise).toEqual([]);
  const lines = process.lines.map(({ level, msg }) => (level === 'info' ? msg : level));
  // The fatal line is written at once, and may so overtake one whose write has begun.
  expect(new Set(lines)).toEqual(new Set([...lines.filter(isOfModel), 'loading model', 'fatal']));
  const fatal = process.lines.filter(({ level }) => level === 'fatal');
  expect(fatal).toHaveLength(1);
  return fatal[0]?.msg ?? '';
}

/** Written once the files are found to belong together. */
function isOfModel(line: string): boolean {
  return line === 'the model fits into memory';
}

const UNVERIFIED = { ALLOW_UNVERIFIED_MODEL: 'true' };

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the start fails with a line that says what is wrong, where, what was expected and found, and the remedy', () => {
  it('if there is no model file', async () => {
    expect(await failedStart('/nowhere/model.onnx')).toBe(
      'There is no model file. Where: /nowhere/model.onnx. Expected: an ONNX file. Found: nothing. ' +
        'To mend it: set MODEL_PATH to the file, relative to the working directory or absolute.',
    );
  });

  it('if the model path is a folder', async () => {
    expect(await failedStart('models')).toMatch(
      new RegExp(`A file of the model cannot be read\\. Where: ${resolve('models')}\\. .*EISDIR`),
    );
  });

  it('if there is no manifest, with one that is filled in from the graph', async () => {
    const path = writeBundle({ model: readBundledModel() });
    for (const environment of [{}, UNVERIFIED]) {
      const message = await failedStart(path, environment);
      expect(message).toMatch(/has no manifest, .* and set ALLOW_UNVERIFIED_MODEL=true: \{/);
      const draft = JSON.parse(/: (\{"format_version".*\})\.$/.exec(message)?.[1] ?? '') as ModelManifest;
      expect(draft).toMatchObject({
        sha256: readBundledManifest().sha256,
        inputs: [{ name: 'features', type: 'float32', features: { length: 5 } }],
        output: { name: 'probabilities' },
      });
      const served = await startService({
        MODEL_PATH: writeBundle({ model: readBundledModel(), manifest: draft }),
        ...UNVERIFIED,
      });
      expect((await post(`${served.url}/predict`, draft.examples[0]?.customer)).status).toBe(200);
      await served.stop();
    }
  });

  it.each([
    ['zipmap', /zipmap off/],
    ['fixed_batch', /a fixed batch of 1/],
    ['logits', /probabilities with the shape/],
  ])('if there is no manifest, and none would help: %s', async (fixture, message) => {
    expect(await failedStart(writeBundle({ model: readFixture(fixture) }), UNVERIFIED)).toMatch(message);
  });

  it('if the manifest has no golden rows', async () => {
    const model = readBundledModel();
    expect(await failedStart(writeBundle({ model, manifest: handWrittenManifest(model) }))).toMatch(
      /The manifest has no golden rows, .* or set ALLOW_UNVERIFIED_MODEL=true to serve it without proof/,
    );
  });

  it('if the manifest has the format of before', async () => {
    const manifest = { ...readBundledManifest(), format_version: 1 };
    expect(await failedStart(writeBundle({ model: readBundledModel(), manifest }))).toMatch(
      /Expected: a manifest of format 2\. Found: format 1/,
    );
  });

  it('if the file is not the one that the manifest describes', async () => {
    const model = readBundledModel();
    const truncated = model.subarray(0, model.length / 2);
    const manifest = readBundledManifest();
    expect(await failedStart(writeBundle({ model: truncated, manifest }))).toContain(
      `Expected: sha256 ${manifest.sha256}. Found: sha256 ${sha256Of(truncated)} (${truncated.length} bytes).`,
    );
  });

  it.each([
    ['is not an ONNX file', Buffer.from('not a model')],
    ['is empty', Buffer.alloc(0)],
    ['is truncated', readBundledModel().subarray(0, 400)],
  ])('if the file %s', async (_case, model) => {
    const manifest = { ...readBundledManifest(), sha256: sha256Of(model) };
    expect(await failedStart(writeBundle({ model, manifest }))).toMatch(
      new RegExp(
        `file is damaged, or is no ONNX file\\. .* Found: ${model.length} bytes, of which onnxruntime says: `,
      ),
    );
  });

  it.each<[string, string, RegExp]>([
    [
      'has a newer opset',
      'opset_99',
      /an opset that onnxruntime does not know\. .* Expected: opset \d+ of ai\.onnx, or an older one: onnxruntime 1\.\d+\.\d+ .* Found: opset 99\. .*older opset .*churn-bundle wrap --onnx \/.*\/model\.onnx /,
    ],
    [
      'has a newer IR version',
      'ir_version_99',
      /an IR version that onnxruntime does not know\. .* Expected: IR version \d+ or an older one: onnxruntime 1\.\d+\.\d+ .* Found: IR version 99\. .*churn-bundle wrap --onnx \/.*\/model\.onnx /,
    ],
    [
      'has an operator that is not standard',
      'unknown_operator',
      /an operator that onnxruntime does not have\. .* Found: .*com\.example.*Churn.* with standard operators/,
    ],
    [
      'has weights in another file',
      'external_data',
      /weights in another file, .* Found: external data in external_data\.onnx\.data\. .*: churn-bundle wrap --onnx \/.*\/model\.onnx /,
    ],
    ['takes float16', 'float16_input', /Found: float16 \[N, 5\]\. .*float32 inputs, .*churn-bundle wrap/],
    [
      'gives float16',
      'float16_output',
      /Found: .*probabilities float16 \[N, 2\]\. .*cast them to float32: churn-bundle wrap/,
    ],
  ])('if the graph %s, with or without a manifest', async (_case, fixture, message) => {
    const model = readFixture(fixture);
    for (const files of [{ model }, { model, manifest: fixtureManifest(model) }]) {
      const line = await failedStart(writeBundle(files), UNVERIFIED);
      expect(line).toMatch(message);
      expect(line).not.toContain('truncated');
    }
  });

  it('if the weights in another file lie in the working directory, where onnxruntime would find them', async () => {
    const model = readFixture('external_data');
    const path = writeBundle({ model, manifest: fixtureManifest(model) });
    const weights = 'external_data.onnx.data';
    copyFileSync(join('test/fixtures/models', weights), join(dirname(path), weights));
    const process = ServiceProcess.spawn({ MODEL_PATH: path }, dirname(path));
    expect(await process.exit()).toBe(1);
    expect(process.lines.at(-1)?.msg).toContain('weights in another file');
  });

  it.each(['sha256', 'features', 'inputs', 'output', 'examples'])('if the manifest lacks %s', async (key) => {
    const manifest = { ...readBundledManifest(), [key]: undefined };
    expect(await failedStart(writeBundle({ model: readBundledModel(), manifest }))).toMatch(
      new RegExp(`manifest is not valid\\. .*must have required property '${key}'`),
    );
  });

  it('if the inputs are not those of the graph', async () => {
    const manifest = { ...readBundledManifest(), inputs: FEATURES.map((name) => column(name, 'float32')) };
    expect(await failedStart(writeBundle({ model: readBundledModel(), manifest }))).toMatch(
      /Expected: the inputs that the manifest states: .*num_products.*Found: features\./,
    );
  });

  it('if the version file and the manifest disagree', async () => {
    const manifest = readBundledManifest();
    expect(
      await failedStart(writeBundle({ model: readBundledModel(), manifest, version: '9.9.9\n' })),
    ).toMatch(
      /version file and the manifest disagree\. .*model_version\.txt\. Expected: 1\.0\.0\. Found: 9\.9\.9/,
    );
  });

  it('if a golden row differs, with the worst one', async () => {
    const manifest = readBundledManifest();
    const golden = goldenRowsOf(manifest);
    const probabilities = golden.probabilities.map((probability, row) =>
      row === 7 ? Math.abs(probability - 0.25) : probability,
    );
    const golden_rows = { ...golden, probabilities };
    expect(
      await failedStart(writeBundle({ model: readBundledModel(), manifest: { ...manifest, golden_rows } })),
    ).toMatch(
      /does not answer as it did in training\. .*golden row 7 \{.*\}, within 0\.00001\. Found: [\d.]+/,
    );
  });

  it('if other rows of a batch change an answer, though the batch of golden rows is answered as stated', async () => {
    const model = readFixture('quantized');
    const session = await InferenceSession.create(model);
    const rows = goldenRows();
    const values = Float32Array.from(rows.rows.flat() as number[]);
    const { probabilities } = await session.run({
      features: new Tensor('float32', values, [rows.rows.length, FEATURES.length]),
    });
    const golden_rows = { ...rows, probabilities: Array.from((probabilities?.data ?? []) as Float32Array) };
    const manifest = fixtureManifest(model, { golden_rows });
    expect(await failedStart(writeBundle({ model, manifest }))).toMatch(
      /Other customers in a batch change the answer to one\. .*golden row \d+ .* alone, as in a batch of 64\..* quantize it statically/,
    );
  });

  it('if the manifest has the features in another order than the graph', async () => {
    const { inputs, ...manifest } = readBundledManifest();
    const reversed = {
      ...manifest,
      inputs: inputs.map((input) => ({ ...input, features: input.features.toReversed() })),
    };
    expect(await failedStart(writeBundle({ model: readBundledModel(), manifest: reversed }))).toMatch(
      /does not answer as it did in training/,
    );
  });

  it.each<[string, string, Partial<ModelManifest>, RegExp]>([
    ['gives a sequence, as a ZipMap does', 'zipmap', {}, /zipmap off/],
    ['has a fixed batch', 'fixed_batch', {}, /any number of rows\. Found: a fixed batch of 1/],
    [
      'takes six columns',
      'six_columns',
      { inputs: [{ ...matrix('float32'), name: 'six' }] },
      /shape \[N, 5\], .*Found: float32 \[N, 6\]/,
    ],
    ['gives NaN', 'nan_always', {}, /not a probability\. .*Found: NaN for the row \{/],
    ['gives three columns', 'logits', {}, /probabilities with the shape/],
    [
      'takes text',
      'string_input',
      { inputs: [{ ...matrix('float32'), name: 'texts' }] },
      /tensor of float32 .*Found: string \[N, 5\]/,
    ],
    [
      'is not as the manifest states',
      'matrix_float64',
      {},
      /input features to be a tensor of float32 .*Found: float64 \[N, 5\]/,
    ],
  ])('if the graph %s', async (_case, fixture, changes, message) => {
    const model = readFixture(fixture);
    for (const manifest of [fixtureManifest(model, changes), handWrittenManifest(model, changes)]) {
      expect(await failedStart(writeBundle({ model, manifest }), UNVERIFIED)).toMatch(message);
    }
  });
});

describe('the version', () => {
  it.each([
    [
      'of the version file',
      { version: '2.1.0\n', manifest: { ...readBundledManifest(), version: '2.1.0' } },
      '2.1.0',
    ],
    [
      'of the manifest if there is no version file',
      { manifest: { ...readBundledManifest(), version: '3.0' } },
      '3.0',
    ],
    [
      'of the version file if the manifest states none',
      { manifest: { ...readBundledManifest(), version: undefined }, version: '4.0' },
      '4.0',
    ],
    ['1.0.0 if neither states one', { manifest: { ...readBundledManifest(), version: undefined } }, '1.0.0'],
  ])('is the one %s', async (_case, files, version) => {
    const path = writeBundle({ model: readBundledModel(), ...files });
    const service = await startService({ MODEL_PATH: path });
    const { body } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(body['model_version']).toBe(version);
    await service.stop();
  });
});

const CUSTOMERS = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];

describe('a graph is served', () => {
  it.each<[string, Partial<ModelManifest>]>([
    ['matrix_float32', {}],
    ['matrix_float64', { inputs: [matrix('float64')] }],
    ['matrix_int64', { inputs: [matrix('int64')] }],
    ['columns_float32', { inputs: FEATURES.map((name) => column(name, 'float32')) }],
    [
      'columns_mixed',
      {
        inputs: [
          column('has_support_calls', 'int64'),
          column('tenure_months', 'int64'),
          column('monthly_charges', 'float64'),
          column('total_charges', 'float64'),
          column('num_products', 'int64'),
        ],
      },
    ],
    ['output_n1', {}],
    ['output_n', {}],
    ['output_float64', {}],
  ])('%s, proven and unproven, with the same answers', async (fixture, changes) => {
    const model = readFixture(fixture);
    for (const manifest of [fixtureManifest(model, changes), handWrittenManifest(model, changes)]) {
      const service = await startService({ MODEL_PATH: writeBundle({ model, manifest }), ...UNVERIFIED });
      const { body } = await post(`${service.url}/predict/batch`, { customers: CUSTOMERS });
      expect(body['predictions']).toEqual(
        CUSTOMERS.map((customer) => {
          const values = Object.values(customer).map(fixture === 'matrix_int64' ? Math.trunc : Number);
          const expected = expect.closeTo(fixtureProbability(values), 3) as number;
          return expect.objectContaining({ churn_probability: expected }) as object;
        }),
      );
      const { body: health } = await request(`${service.url}/health`);
      expect(health['model_verified']).toBe(manifest.golden_rows === undefined ? false : undefined);
      expect(
        service.process.lines.some(
          ({ level, msg }) => level === 'warn' && msg.includes('nothing was verified'),
        ),
      ).toBe(manifest.golden_rows === undefined);
      await service.stop();
    }
  });

  it('with the features in the order of its inputs, whatever the order of the API', async () => {
    const model = readFixture('matrix_float32');
    // The graph's first column is what the manifest calls num_products, and so on.
    const order = ['num_products', 'monthly_charges', 'total_charges', 'tenure_months', 'has_support_calls'];
    const swapped = ([
      tenure = 0,
      monthly = 0,
      total = 0,
      products = 0,
      calls = 0,
    ]: readonly number[]): number => fixtureProbability([products, monthly, total, tenure, calls]);
    const manifest = fixtureManifest(model, {
      golden_rows: goldenRows(swapped),
      inputs: [{ ...matrix('float32'), features: order }],
    });
    const service = await startService({ MODEL_PATH: writeBundle({ model, manifest }) });
    const { body } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(body['churn_probability']).toBeCloseTo(swapped(Object.values(HIGH_RISK_CUSTOMER)), 3);
    await service.stop();
  });

  it("with the manifest's thresholds", async () => {
    const model = readFixture('matrix_float32');
    const manifest = fixtureManifest(model, { thresholds: { decision: 0.95, medium: 0.92, high: 0.99 } });
    const service = await startService({ MODEL_PATH: writeBundle({ model, manifest }) });
    const { body } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(body).toMatchObject({ churn_prediction: false, risk_tier: 'LOW' });
    await service.stop();
  });

  it('with one forward pass for a batch', async () => {
    // Its probability is the number of rows in the pass over 128.
    const model = readFixture('batch_size_probe');
    const manifest = handWrittenManifest(model);
    const service = await startService({ MODEL_PATH: writeBundle({ model, manifest }), ...UNVERIFIED });
    const customers = Array<object>(32).fill(LOW_RISK_CUSTOMER);
    const { body } = await post(`${service.url}/predict/batch`, { customers });
    expect(
      new Set((body['predictions'] as { churn_probability: number }[]).map((p) => p.churn_probability)),
    ).toEqual(new Set([32 / 128]));
    await service.stop();
  });
});

describe('an answer that is not a probability', () => {
  it.each([
    [13, 'NaN'],
    [14, '1.5'],
  ])('is never given as a prediction: tenure %d makes %s', async (tenure, value) => {
    const model = readFixture('nan_at_tenure_13');
    const golden_rows = goldenRows(undefined, { withoutTenures: [13, 14] });
    const manifest = fixtureManifest(model, { golden_rows });
    const environment = { MODEL_PATH: writeBundle({ model, manifest }) };
    const service = await startService(environment);
    const bad = { ...HIGH_RISK_CUSTOMER, tenure_months: tenure, monthly_charges: 123.25 };
    const answer = await post(`${service.url}/predict/batch`, { customers: [LOW_RISK_CUSTOMER, bad] });
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'model_output_invalid', request_id: answer.requestId });
    expect(JSON.stringify(answer.body)).not.toMatch(/NaN|1\.5|stack|\.ts|\.js/);

    const line = await service.process.requestLine(answer.requestId);
    expect(line).toMatchObject({
      level: 'error',
      status: 500,
      err: {
        message: expect.stringContaining(`Row 1 of 2 got ${value} from model 1.0.0 (sha256 `) as string,
      },
    });
    expect(service.process.output()).not.toContain('123.25');
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
    await service.stop();

    const talkative = await startService({ ...environment, LOG_LEVEL: 'debug' });
    const repeated = await post(`${talkative.url}/predict`, bad);
    const debugged = await talkative.process.line(({ msg }) =>
      msg.startsWith('the model gave no probability'),
    );
    expect(debugged).toMatchObject({
      level: 'debug',
      request_id: repeated.requestId,
      features: { ...HIGH_RISK_CUSTOMER, tenure_months: tenure, monthly_charges: 123.25 },
    });

    const { name } = (await request(`${talkative.url}/model`)).body;
    const tenures = Array.from({ length: 120 }, (_, row) => (row === 50 ? tenure : 20));
    await post(`${talkative.url}/v2/models/${String(name)}/infer`, { inputs: [matrixOf(tenures)] });
    await talkative.process.line(
      ({ msg, features }) =>
        msg.startsWith('the model gave no probability') &&
        JSON.stringify(features) === JSON.stringify(customerOf(tenure)),
    );
    await talkative.stop();
  });
});
