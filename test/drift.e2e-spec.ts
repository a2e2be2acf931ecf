import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../src/bundle/manifest.js';
import type { DriftWindowDto } from '../src/monitoring/dto/drift-window.dto.js';
import type { FeatureDriftDto } from '../src/monitoring/dto/feature-drift.dto.js';
import { type OpenApiDocument, schemaOfAnswer } from './docs/openapi.js';
import { driftOf, lastHour, score } from './support/drift.js';
import { BEARER, CRM_KEY, keyEntry } from './support/api-keys.js';
import { handWrittenManifest, readBundledManifest, readBundledModel, writeBundle } from './support/bundle.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { startService, TAKES_BURSTS } from './support/service.js';
import { drawCustomers, randomOf } from './support/training-customers.js';

const TELCO_PATH = 'models/telco/telco_model.onnx';
const TELCO = JSON.parse(readFileSync('models/telco/telco_model.manifest.json', 'utf8')) as ModelManifest;

function feature({ features }: DriftWindowDto, name: string): FeatureDriftDto {
  const found = features.find((drift) => drift.name === name);
  if (found === undefined) {
    throw new Error(`The window has no ${name}.`);
  }
  return found;
}

/** The bins that hold rows. */
function filled(window: DriftWindowDto, name: string): Record<string, number> {
  return Object.fromEntries(
    feature(window, name)
      .bins.filter(({ live_rows }) => live_rows > 0)
      .map(({ kind, bin, live_rows }) => [kind === 'known' ? bin : kind, live_rows]),
  );
}

describe('GET /model/drift', () => {
  it('counts the rows of single predictions and batches beside those of the training', async () => {
    const service = await startService();
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await post(`${service.url}/predict`, { ...HIGH_RISK_CUSTOMER, tenure_months: -1 });
    await post(`${service.url}/predict/explain`, LOW_RISK_CUSTOMER);
    await score(service, [
      LOW_RISK_CUSTOMER,
      { ...LOW_RISK_CUSTOMER, monthly_charges: 500, num_products: 9 },
    ]);
    const report = await driftOf(service);
    expect(report).toMatchObject({ model_version: '1.0.0', unwatched_features: [] });
    expect(report.windows.map(({ window, rows }) => [window, rows])).toEqual([
      ['1h', 3],
      ['24h', 3],
    ]);
    const [hour, day] = report.windows as [DriftWindowDto, DriftWindowDto];
    expect(hour.features).toEqual(day.features);
    expect(filled(hour, 'tenure_months')).toEqual({ '[6, 12)': 1, '[48, 60)': 2 });
    expect(filled(hour, 'monthly_charges')).toEqual({
      '[42.644, 49.555)': 1,
      '[77.199, 84.11)': 1,
      above: 1,
    });
    expect(filled(hour, 'num_products')).toEqual({ '[1, 2)': 1, '[3, 4)': 1, above: 1 });
    expect(feature(hour, 'monthly_charges')).toMatchObject({
      verdict: 'too_few_rows',
      out_of_range_ratio: 1 / 3,
      missing_ratio: 0,
      unknown_ratio: 0,
    });
    expect(hour.scores?.bins.reduce((sum, { live_rows }) => sum + live_rows, 0)).toBe(3);
    const trained = readBundledManifest().reference?.rows;
    for (const { bins } of [...hour.features, ...(hour.scores === undefined ? [] : [hour.scores])]) {
      expect(bins.reduce((sum, { training_rows }) => sum + training_rows, 0)).toBe(trained);
    }
    await service.stop();
  });

  it('answers as it is documented, before and after the first row', async () => {
    const service = await startService();
    const document = (await request(`${service.url}/docs-json`)).body as unknown as OpenApiDocument;
    const validate = new Ajv({ strict: false }).compile(schemaOfAnswer(document, '/model/drift', 'get'));
    validate(await driftOf(service));
    expect(validate.errors).toBeNull();
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    validate(await driftOf(service));
    expect(validate.errors).toBeNull();
    await service.stop();
  });

  it('tells missing and unknown values and those out of range from the others', async () => {
    const service = await startService({ MODEL_PATH: TELCO_PATH });
    const customer = TELCO.examples[0]?.customer ?? {};
    await score(service, [
      { ...customer, payment_method: 'Cash', has_dependents: null, monthly_charges: 14.99 },
      { ...customer, payment_method: null, has_dependents: true, monthly_charges: 15 },
      { ...customer, payment_method: 'missing', total_charges: 13, monthly_charges: 119.75 },
      { ...customer, payment_method: 'Mailed check', total_charges: null, monthly_charges: 119.76 },
    ]);
    const hour = await lastHour(service);
    expect(filled(hour, 'payment_method')).toEqual({ 'Mailed check': 1, unknown: 2, missing: 1 });
    expect(feature(hour, 'payment_method')).toMatchObject({ missing_ratio: 0.25, unknown_ratio: 0.5 });
    expect(filled(hour, 'has_dependents')).toMatchObject({ true: expect.any(Number) as number, missing: 1 });
    expect(feature(hour, 'monthly_charges').out_of_range_ratio).toBe(0.5);
    expect(filled(hour, 'monthly_charges')).toMatchObject({ below: 1, above: 1 });
    expect(filled(hour, 'total_charges')).toMatchObject({ below: 1, missing: 1 });
    await service.stop();
  });

  it('calls customers as in training stable, and names the one feature that has shifted', async () => {
    const service = await startService({ MODEL_PATH: TELCO_PATH, ...TAKES_BURSTS });
    const customers = drawCustomers(TELCO, 2000, randomOf(1));
    await score(service, customers);
    const before = await lastHour(service);
    expect(before.drifted_features).toEqual([]);
    expect(new Set(before.features.map(({ verdict }) => verdict))).toEqual(new Set(['stable']));
    await score(
      service,
      customers.map((customer) => ({ ...customer, contract: 'Two year' })),
    );
    const after = await lastHour(service);
    expect(after.drifted_features).toEqual(['contract']);
    expect(feature(after, 'contract').verdict).toBe('significant');
    await service.stop();
  });

  it('watches nothing that a manifest does not describe', async () => {
    const model = readBundledModel();
    const manifest = handWrittenManifest(model);
    const service = await startService({
      MODEL_PATH: writeBundle({ model, manifest }),
      ALLOW_UNVERIFIED_MODEL: 'true',
    });
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    const report = await driftOf(service);
    expect(report.unwatched_features).toEqual(manifest.features.map(({ name }) => name));
    expect(report.windows).toMatchObject([
      { rows: 0, features: [] },
      { rows: 0, features: [] },
    ]);
    expect(report.windows[0]).not.toHaveProperty('scores');
    await service.stop();
  });

  it('needs an API key like GET /model', async () => {
    const service = await startService({ API_KEYS: keyEntry('crm', CRM_KEY) });
    expect((await request(`${service.url}/model/drift`)).status).toBe(401);
    expect((await request(`${service.url}/model/drift`, { headers: BEARER })).status).toBe(200);
    await service.stop();
  });
});
