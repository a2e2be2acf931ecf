import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { type OpenApiDocument, schemaOfAnswer } from './docs/openapi.js';
import { APP_KEY, CRM_KEY, keyEntry } from './support/api-keys.js';
import {
  handWrittenManifest,
  readBundledManifest,
  readBundledModel,
  readFixture,
  writeBundle,
} from './support/bundle.js';
import { HIGH_RISK_CUSTOMER, post, request } from './support/http.js';
import { startService } from './support/service.js';
import { SERVICE_VERSION } from './support/service-version.js';

interface Feature {
  readonly name: string;
  readonly type: 'integer' | 'number';
  readonly bounds: { readonly minimum: number; readonly maximum: number };
}

/** What is wrong with an answer of `GET /model`, going by the OpenAPI document of the same service. */
async function schemaErrors(url: string, answer: unknown): Promise<unknown> {
  const document = (await request(`${url}/docs-json`)).body as unknown as OpenApiDocument;
  const validate = new Ajv({ strict: false }).compile(schemaOfAnswer(document, '/model', 'get'));
  validate(answer);
  return validate.errors;
}

describe('GET /model', () => {
  it('shows the manifest without its golden rows, and the proof', async () => {
    const service = await startService();
    const answer = await request(`${service.url}/model`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');

    const { name, version, sha256, created_at, features, thresholds, tolerance, metrics, ...manifest } =
      readBundledManifest();
    expect(answer.body).toEqual({
      name,
      version,
      sha256,
      created_at,
      features: features.map((feature) => ({
        nullable: false,
        ...feature,
        bounds: { minimum: expect.any(Number) as number, maximum: expect.any(Number) as number },
        example: HIGH_RISK_CUSTOMER[feature.name as keyof typeof HIGH_RISK_CUSTOMER],
      })),
      thresholds,
      metrics,
      reference: manifest.reference,
      comparison: manifest.comparison,
      verification: {
        verified: true,
        golden_rows: manifest.golden_rows?.rows.length,
        rows_alone: expect.any(Number) as number,
        worst_difference: expect.any(Number) as number,
        tolerance,
      },
      explanations: {
        background_rows: manifest.explanations?.background.length,
        base_probability: manifest.explanations?.base_probability,
        golden_explanations: manifest.explanations?.golden.length,
      },
      inference: { execution_provider: 'cpu', threads: 0, max_batch_rows: expect.any(Number) as number },
      service_version: SERVICE_VERSION,
    });
    const { worst_difference: worst } = answer.body['verification'] as { worst_difference: number };
    expect(worst).toBeLessThanOrEqual(tolerance ?? 0);
    const loaded = await service.process.line(({ msg }) => msg === 'model loaded');
    expect(loaded).toMatchObject({ ...(answer.body['verification'] as object), name });
    expect(await schemaErrors(service.url, answer.body)).toBeNull();
    await service.stop();
  });

  it('has the bounds to which the API holds a customer', async () => {
    const service = await startService();
    const { body } = await request(`${service.url}/model`);
    for (const { name, type, bounds } of body['features'] as Feature[]) {
      const { minimum, maximum } = bounds;
      const tooLarge = type === 'integer' ? maximum + 1 : maximum * (1 + Number.EPSILON);
      for (const [value, code] of [
        [minimum, undefined],
        [maximum, undefined],
        [minimum - 1, 'too_small'],
        [tooLarge, 'too_large'],
      ] as const) {
        const answer = await post(`${service.url}/predict`, { ...HIGH_RISK_CUSTOMER, [name]: value });
        expect([answer.status, (answer.body['errors'] as object[] | undefined)?.[0]]).toEqual(
          code === undefined
            ? [200, undefined]
            : [422, expect.objectContaining({ pointer: `/${name}`, code })],
        );
      }
    }
    await service.stop();
  });

  it('leaves out the fields that a manifest by hand does not state, and says that nothing was verified', async () => {
    const model = readBundledModel();
    const manifest = handWrittenManifest(model);
    const service = await startService({
      MODEL_PATH: writeBundle({ model, manifest }),
      ALLOW_UNVERIFIED_MODEL: 'true',
    });
    const { body } = await request(`${service.url}/model`);
    const { sha256, features } = manifest;
    expect(body).toEqual({
      name: 'model',
      version: '1.0.0',
      sha256,
      verification: { verified: false },
      features: features.map((feature) => ({
        nullable: false,
        ...feature,
        bounds: expect.any(Object) as object,
        example: expect.any(Number) as number,
      })),
      thresholds: { decision: 0.5, medium: 0.4, high: 0.7 },
      inference: expect.any(Object) as object,
      service_version: SERVICE_VERSION,
    });
    expect(await schemaErrors(service.url, body)).toBeNull();
    await service.stop();
  });

  it('tells how forward passes are run', async () => {
    const model = readFixture('matrix_float32');
    const service = await startService({
      MODEL_PATH: writeBundle({ model, manifest: handWrittenManifest(model) }),
      ALLOW_UNVERIFIED_MODEL: 'true',
      INFERENCE_THREADS: '2',
      MAX_BATCH_ROWS: '200',
    });
    const { body } = await request(`${service.url}/model`);
    expect(body['inference']).toEqual({ execution_provider: 'cpu', threads: 2, max_batch_rows: 200 });
    await service.stop();
  });

  it('needs an API key if predictions do', async () => {
    const service = await startService({ API_KEYS: keyEntry('crm', CRM_KEY) });
    const answers = await Promise.all(
      [{}, { 'X-API-Key': APP_KEY }, { 'X-API-Key': CRM_KEY }].map((headers) =>
        request(`${service.url}/model`, { headers }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200]);
    await service.stop();
  });
});
