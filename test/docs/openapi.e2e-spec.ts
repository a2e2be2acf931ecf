import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { post, request } from '../support/http.js';
import { type Service, startService } from '../support/service.js';
import { SERVICE_VERSION } from '../support/service-version.js';
import { exampleOf, type OpenApiDocument, type Schema, schemaOfAnswer, subschemas } from './openapi.js';

let service: Service;
let document: OpenApiDocument;

beforeAll(async () => {
  service = await startService();
  document = (await request(`${service.url}/docs-json`)).body as unknown as OpenApiDocument;
});
afterAll(async () => {
  await service.stop();
});

describe('the OpenAPI document', () => {
  it('is the same in JSON and in YAML', async () => {
    const response = await fetch(`${service.url}/docs-yaml`);
    expect(parse(await response.text())).toEqual(document);
  });

  it('has the version of the service', () => {
    expect(document.info.version).toBe(SERVICE_VERSION);
  });

  it("passes Redocly's recommended rules without a warning, with API keys and without", async () => {
    const protectedService = await startService({ API_KEYS: keyEntry('crm', CRM_KEY) });
    for (const { url } of [service, protectedService]) {
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ['node_modules/@redocly/cli/bin/cli.js', 'lint', '--format=json', `${url}/docs-json`],
        { env: { PATH: process.env['PATH'], REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
      );
      const { totals } = JSON.parse(stdout) as { totals: object };
      expect(totals, stderr).toEqual({ errors: 0, warnings: 0, ignored: 0 });
    }
    await protectedService.stop();
  });

  it('has each operation with every status that it can answer', () => {
    const statuses = Object.entries(document.paths).map(([path, operations]) => [
      path,
      Object.entries(operations).map(([method, { responses }]) => [method, Object.keys(responses)]),
    ]);
    const ofPrediction = ['200', '400', '408', '413', '415', '422', '500', '503', '504'];
    const ofExplanation = ['200', '400', '408', '413', '415', '422', '500', '501', '503', '504'];
    const ofHealth = ['200', '500', '503'];
    const ofModel = ['200', '400', '404', '500', '503'];
    const ofInference = ['200', '400', '404', '408', '413', '415', '500', '503', '504'];
    expect(statuses).toEqual([
      ['/predict', [['post', ofPrediction]]],
      ['/predict/batch', [['post', ofPrediction]]],
      ['/predict/bulk', [['post', ['200', '400', '408', '415', '422', '500', '503']]]],
      ['/predict/explain', [['post', ofExplanation]]],
      ['/predict/explain/batch', [['post', ofExplanation]]],
      ['/v2', [['get', ['200', '500', '503']]]],
      ['/v2/health/live', [['get', ofHealth]]],
      ['/v2/health/ready', [['get', ofHealth]]],
      ['/v2/models/{name}', [['get', ofModel]]],
      ['/v2/models/{name}/versions/{version}', [['get', ofModel]]],
      ['/v2/models/{name}/ready', [['get', ofModel]]],
      ['/v2/models/{name}/versions/{version}/ready', [['get', ofModel]]],
      ['/v2/models/{name}/infer', [['post', ofInference]]],
      ['/v2/models/{name}/versions/{version}/infer', [['post', ofInference]]],
      ['/model', [['get', ['200', '500', '503']]]],
      ['/model/drift', [['get', ['200', '500', '503']]]],
      ['/health', [['get', ofHealth]]],
      ['/health/live', [['get', ofHealth]]],
      ['/health/ready', [['get', ofHealth]]],
      ['/metrics', [['get', ['200', '500']]]],
    ]);
  });

  it('gives each operation an id, a summary and a tag that is described', () => {
    const tags = document.tags.map(({ name }) => name);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    for (const { operationId, summary, tags: [tag] = [] } of operations) {
      expect(operationId).toMatch(/^[a-z]+[A-Za-z]*$/);
      expect(summary).toMatch(/\w/);
      expect(tags).toContain(tag);
    }
    expect(document.tags.every(({ description }) => description !== '')).toBe(true);
  });

  it('describes every schema and every field', () => {
    const schemas = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
      subschemas(schema, name),
    );
    expect(schemas.length).toBeGreaterThan(40);
    expect(schemas.filter(({ schema }) => schema.description === undefined).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('bounds every number', () => {
    const isBounded = ({ minimum, maximum }: Schema): boolean =>
      minimum !== undefined && maximum !== undefined;
    const numbers = Object.entries(document.components.schemas)
      .flatMap(([name, schema]) => subschemas(schema, name))
      .filter(({ schema }) => schema.type === 'integer' || schema.type === 'number');
    expect(numbers.filter(({ schema }) => !isBounded(schema)).map(({ path }) => path)).toEqual([
      'BatchPrediction.latency_ms',
      'ExplanationBatch.latency_ms',
      // The values of a feature may be any numbers.
      'FeatureBounds.minimum',
      'FeatureBounds.maximum',
      'FeatureStatistics.minimum',
      'FeatureStatistics.maximum',
      'FeatureStatistics.mean',
      'FeatureStatistics.quantiles.*',
      'ModelInfo.metrics.*',
      'Drift.psi',
      'Drift.psi_by_chance',
      'FeatureDrift.psi',
      'FeatureDrift.psi_by_chance',
      'DriftWindow.covered_seconds',
      'Health.uptime_seconds',
    ]);
  });
});

describe('the documented examples', () => {
  it.each(['/predict', '/predict/batch'])('POST %s answers its request with its response', async (path) => {
    const operation = document.paths[path]?.['post'];
    const { status, body } = await post(
      service.url + path,
      exampleOf(document, operation?.requestBody?.content['application/json']?.schema),
    );
    const answer = exampleOf(document, operation?.responses['200']?.content['application/json']?.schema);
    expect(status).toBe(200);
    expect({ ...body, latency_ms: 0 }).toEqual({ ...(answer as object), latency_ms: 0 });
  });

  it('POST /predict/explain answers its request with its response', async () => {
    const operation = document.paths['/predict/explain']?.['post'];
    const { status, body } = await post(
      `${service.url}/predict/explain`,
      exampleOf(document, operation?.requestBody?.content['application/json']?.schema),
    );
    expect(status).toBe(200);
    expect(operation?.responses['200']?.content['application/json']?.example).toEqual(body);
  });

  it('GET /model has an example that fits its schema, about the model that answers', async () => {
    const operation = document.paths['/model']?.['get'];
    const { example } = operation?.responses['200']?.content['application/json'] ?? {};
    const validate = new Ajv({ strict: false }).compile(schemaOfAnswer(document, '/model', 'get'));
    validate(example);
    expect(validate.errors).toBeNull();
    const { body } = await request(`${service.url}/model`);
    expect(Object.keys(body)).toEqual(Object.keys(example as object));
    const { name, version, sha256, created_at, thresholds } = body;
    expect(example).toMatchObject({ name, version, sha256, created_at, thresholds });
  });
});
