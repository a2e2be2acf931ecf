import { credentials, status } from '@grpc/grpc-js';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { FEATURES, writeBundle } from '../support/bundle.js';
import { CUSTOMERS, EVERY_TYPE_MODEL, everyTypeManifest, probabilityOf } from '../support/every-type.js';
import {
  failureOf,
  GrpcClient,
  grpcAddressOf,
  INFERENCE,
  type InferAnswer,
  rawMatrix,
} from '../support/grpc.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { type Service, startService } from '../support/service.js';
import { bytesOf, bytesOfTexts } from '../support/tensors.js';
import { type Certificate, makeCertificate, TlsFolder } from '../support/tls.js';

const TWO_CUSTOMERS = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];
const ROWS = TWO_CUSTOMERS.flatMap((customer) => Object.values(customer));
const GRPC = { GRPC_PORT: '0' };

const TYPED_INPUT = { name: 'x', datatype: 'FP64', shape: [2, 5], contents: { fp64_contents: ROWS } };
const TYPED = { inputs: [TYPED_INPUT] };
const RAW = {
  inputs: [{ name: 'x', datatype: 'FP64', shape: [2, 5] }],
  raw_input_contents: [bytesOf(Float64Array.from(ROWS))],
};

/** As REST answers the same tensor. */
async function restAnswer(service: Service, data: readonly unknown[] = ROWS): Promise<unknown[][]> {
  const { body } = await post(`${service.url}/v2/models/churn_model/infer`, {
    inputs: [{ name: 'x', datatype: 'FP64', shape: [2, 5], data }],
  });
  return (body['outputs'] as { data: unknown[] }[]).map((output) => output.data);
}

function typedOutputs({ outputs }: InferAnswer): unknown[][] {
  return outputs.map(({ contents }) => {
    const all = Object.values(contents ?? {}).flat();
    return all.map((element) => (Buffer.isBuffer(element) ? element.toString() : element));
  });
}

let service: Service;
let client: GrpcClient;
beforeAll(async () => {
  service = await startService(GRPC);
  client = new GrpcClient(grpcAddressOf(service));
});
afterAll(async () => {
  client.close();
  expect(await service.stop()).toBe(0);
  expect(service.process.noise).toEqual([]);
});

describe('the Open Inference Protocol over gRPC', () => {
  it('describes the server and the model as REST does', async () => {
    const rest = async (path: string): Promise<unknown> => (await request(service.url + path)).body;
    expect(await client.call('ServerMetadata')).toEqual(await rest('/v2'));
    const metadata = await rest('/v2/models/churn_model');
    expect(await client.call('ModelMetadata', { name: 'churn_model' })).toEqual(metadata);
    expect(await client.call('ModelMetadata', { name: 'churn_model', version: '1.0.0' })).toEqual(metadata);
    expect(await client.call('ServerLive')).toEqual({ live: true });
    expect(await client.call('ServerReady')).toEqual({ ready: true });
    expect(await client.call('ModelReady', { name: 'churn_model' })).toEqual({ ready: true });
  });

  it('answers as REST, raw where the request is raw and typed where it is typed', async () => {
    const [probabilities = [], predictions, tiers] = await restAnswer(service);
    const typed = await client.infer({ ...TYPED, id: 'a-1', model_version: '1.0.0' });
    expect(typed).toMatchObject({ model_name: 'churn_model', model_version: '1.0.0', id: 'a-1' });
    expect(typedOutputs(typed)).toEqual([probabilities, predictions, tiers]);
    expect(typed.raw_output_contents).toEqual([]);

    const raw = await client.infer(RAW);
    expect(raw.outputs.map(({ name, datatype, shape }) => [name, datatype, shape])).toEqual([
      ['churn_probability', 'FP64', [2]],
      ['churn_prediction', 'BOOL', [2]],
      ['risk_tier', 'BYTES', [2]],
    ]);
    expect(raw.raw_output_contents).toEqual([
      bytesOf(Float64Array.from(probabilities as number[])),
      Buffer.from([1, 0]),
      bytesOfTexts(['HIGH', 'LOW']),
    ]);
  });

  it.each([
    ['INT8', 'int_contents'],
    ['INT16', 'int_contents'],
    ['INT32', 'int_contents'],
    ['INT64', 'int64_contents'],
    ['UINT8', 'uint_contents'],
    ['UINT32', 'uint_contents'],
    ['UINT64', 'uint64_contents'],
    ['FP32', 'fp32_contents'],
    ['FP64', 'fp64_contents'],
  ])('takes %s in %s', async (datatype, field) => {
    const inputs = FEATURES.map((name) => ({
      name,
      datatype,
      shape: [2, 1],
      contents: {
        [field]: TWO_CUSTOMERS.map((customer) =>
          Math.min(Math.round(customer[name as 'tenure_months']), 100),
        ),
      },
    }));
    const data = TWO_CUSTOMERS.flatMap((customer) =>
      Object.values(customer).map((value) => Math.min(Math.round(value), 100)),
    );
    expect(typedOutputs(await client.infer({ inputs }))).toEqual(await restAnswer(service, data));
  });

  it('scores 10,000 rows, and tells reasons for few', async () => {
    const many = await client.infer(rawMatrix(Object.values(HIGH_RISK_CUSTOMER), 10_000));
    expect(many.raw_output_contents[0]?.length).toBe(80_000);
    const answer = await client.infer({
      ...RAW,
      outputs: [{ name: 'churn_probability' }, { name: 'contributions' }, { name: 'base_probability' }],
    });
    const [probability, contributions, base] = answer.raw_output_contents.map((bytes) =>
      Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleLE(8 * index)),
    );
    const sum = (contributions ?? []).slice(0, 5).reduce((total, each) => total + each, base?.[0] ?? NaN);
    expect(sum).toBeCloseTo(probability?.[0] ?? NaN, 6);
  });

  it.each([
    [
      'another model',
      { ...RAW, model_name: 'loyalty' },
      /The model "loyalty" is not served here/,
      'NOT_FOUND',
    ],
    ['another version', { ...RAW, model_version: '2' }, /Version "2" of "churn_model"/, 'NOT_FOUND'],
    ['no inputs', {}, /inputs must have a tensor for each feature/],
    [
      'both contents',
      { inputs: [TYPED_INPUT], raw_input_contents: RAW.raw_input_contents },
      /has contents, but/,
    ],
    [
      'too many raw contents',
      { ...RAW, raw_input_contents: [Buffer.alloc(80), Buffer.alloc(1)] },
      /2 entries/,
    ],
    ['too few bytes', { ...RAW, raw_input_contents: [Buffer.alloc(79)] }, /must have 80 bytes/],
    [
      'too few elements',
      { inputs: [{ ...TYPED_INPUT, shape: [3, 5] }] },
      /15 elements.*has 10 in fp64_contents/,
    ],
    ['a bad shape', { inputs: [{ ...TYPED_INPUT, shape: [-2, 5] }] }, /inputs\[0\]\.shape/],
    ['a bad datatype', { inputs: [{ ...TYPED_INPUT, datatype: 'FP16' }] }, /inputs\[0\]\.datatype/],
    ['other contents', { inputs: [{ ...TYPED_INPUT, datatype: 'FP32' }] }, /must be fp32_contents/],
    ['an unknown output', { ...RAW, outputs: [{ name: 'age' }] }, /The output "age" is unknown/],
    [
      'an invalid row',
      { inputs: [{ ...TYPED_INPUT, contents: { fp64_contents: [999, ...ROWS.slice(1)] } }] },
      /row 0: tenure_months must be an integer from 0 to 120, but is 999/,
    ],
    ['too many rows', rawMatrix([1, 1, 1, 1, 1], 10_001), /MAX_INFER_ROWS/],
  ])('refuses %s', async (_name, asked, details, code = 'INVALID_ARGUMENT') => {
    const failure = await failureOf(client.infer(asked));
    expect(status[failure.code]).toBe(code);
    expect(failure.details).toMatch(details);
  });

  it('refuses a message that is too large in words of its own', async () => {
    const large = { ...RAW, raw_input_contents: [Buffer.alloc(20_000_000)] };
    expect(await failureOf(client.infer(large))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringMatching(/^The body may have \d+ bytes at most/) as string,
    });
    await expect(client.check()).resolves.toEqual({ status: 'SERVING' });
  });

  it('tells its health, and the end of it', async () => {
    const own = await startService(GRPC);
    const watched = GrpcClient.of(own);
    expect(await watched.check(INFERENCE)).toEqual({ status: 'SERVING' });
    expect(await failureOf(watched.check('other.Service'))).toMatchObject({ code: status.NOT_FOUND });
    const stream = watched.watch();
    const told: string[] = [];
    stream.on('data', ({ status: health }: { status: string }) => told.push(health));
    const [ending] = await Promise.all([once(stream, 'error'), once(stream, 'data').then(() => own.stop())]);
    expect(told).toEqual(['SERVING', 'NOT_SERVING']);
    expect(ending).toMatchObject([{ code: status.UNAVAILABLE }]);
  });

  it('writes one log line a call, and counts it as a request', async () => {
    const metadata = { 'x-request-id': 'call-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    const trailers = new Promise((onTrailers) => {
      void client.infer(RAW, { metadata, onTrailers });
    });
    expect(await trailers).toMatchObject({ 'x-request-id': 'call-1' });
    const line = await service.process.requestLine('call-1');
    expect(line).toMatchObject({
      level: 'info',
      method: 'POST',
      route: `/${INFERENCE}/ModelInfer`,
      status: 200,
      grpc_status: 'OK',
      batch_size: 2,
      model_version: '1.0.0',
      trace_id: 'a'.repeat(32),
    });
    const failure = await failureOf(client.infer({}, { metadata: { 'x-request-id': 'call-2' } }));
    expect(failure.metadata).toMatchObject({ 'x-request-id': 'call-2' });
    expect(await service.process.requestLine('call-2')).toMatchObject({
      level: 'warn',
      status: 400,
      grpc_status: 'INVALID_ARGUMENT',
      code: 'validation_failed',
    });
    const scrape = await Scrape.of(service.url);
    const counted = scrape.sum('http_request_duration_seconds_count', {
      method: 'POST',
      route: `/${INFERENCE}/ModelInfer`,
      status: '200',
    });
    expect(counted).toBeGreaterThanOrEqual(1);
  });

  it("keeps the caller's deadline", async () => {
    const own = await startService({ ...GRPC, REQUEST_TIMEOUT_MS: '600000' });
    const failure = await failureOf(
      GrpcClient.of(own).infer(rawMatrix(Object.values(HIGH_RISK_CUSTOMER), 10_000), {
        deadline: new Date(),
      }),
    );
    expect(failure.code).toBe(status.DEADLINE_EXCEEDED);
    await own.stop();
  });

  it('needs the API key that REST needs, and counts rate limits with it', async () => {
    const own = await startService({
      ...GRPC,
      API_KEYS: keyEntry('crm', CRM_KEY),
      RATE_LIMIT_REQUESTS: '3',
      RATE_LIMIT_WINDOW_MS: '3600000',
    });
    const keyed = GrpcClient.of(own);
    expect(await failureOf(keyed.infer(RAW))).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: expect.stringContaining('An API key is needed') as string,
    });
    await keyed.infer(RAW, { metadata: { 'x-api-key': CRM_KEY } });
    await keyed.infer(RAW, { metadata: { authorization: `Bearer ${CRM_KEY}`, 'x-request-id': 'keyed' } });
    expect(await own.process.requestLine('keyed')).toMatchObject({ api_key: 'crm' });
    const third = await post(`${own.url}/predict`, HIGH_RISK_CUSTOMER, { 'X-API-Key': CRM_KEY });
    expect(third.status).toBe(200);
    expect(await failureOf(keyed.infer(RAW, { metadata: { 'x-api-key': CRM_KEY } }))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('3 requests in 3600 s may be sent') as string,
    });
    // Probes need none.
    expect(await keyed.check()).toEqual({ status: 'SERVING' });
    expect(await keyed.call('ServerReady')).toEqual({ ready: true });
    await own.stop();
  });

  it('scores texts, booleans and missing numbers', async () => {
    const own = await startService({
      ...GRPC,
      MODEL_PATH: writeBundle({ model: EVERY_TYPE_MODEL, manifest: everyTypeManifest() }),
    });
    const customers = CUSTOMERS.filter(({ plan }) => plan !== null);
    const inputs = Object.keys(customers[0] ?? {}).map((name) => {
      const values = customers.map((customer) => customer[name]);
      const [datatype, contents] =
        typeof values[0] === 'string'
          ? ['BYTES', { bytes_contents: values.map((value) => Buffer.from(String(value))) }]
          : typeof values[0] === 'boolean'
            ? ['BOOL', { bool_contents: values }]
            : ['FP64', { fp64_contents: values.map((value) => value ?? NaN) }];
      return { name, datatype, shape: [customers.length], contents };
    });
    const [probabilities] = typedOutputs(
      await GrpcClient.of(own).infer({ model_name: 'every_type', inputs }),
    );
    customers.forEach((customer, row) => {
      expect(probabilities?.[row]).toBeCloseTo(probabilityOf(customer), 5);
    });
    await own.stop();
  });

  it.each(['1', '2'])(
    'speaks TLS if HTTP does, and renews the certificate on SIGHUP, with WORKERS=%s',
    async (workers) => {
      const [first, second] = [await makeCertificate(), await makeCertificate()];
      const folder = new TlsFolder(first);
      const own = await startService({ ...GRPC, ...folder.environment, WORKERS: workers });
      const trusting = ({ certificate }: Certificate): GrpcClient =>
        GrpcClient.of(
          own,
          credentials.createSsl(Buffer.from(certificate), null, null, {
            checkServerIdentity: () => undefined,
          }),
        );
      expect((await trusting(first).infer(RAW)).outputs).toHaveLength(3);
      expect(await failureOf(trusting(second).infer(RAW))).toMatchObject({ code: status.UNAVAILABLE });
      expect(await failureOf(GrpcClient.of(own).infer(RAW))).toMatchObject({ code: status.UNAVAILABLE });
      await own.process.lineCount(({ msg }) => msg === 'all workers are ready', Number(workers) - 1);
      folder.write(second);
      own.process.signal('SIGHUP');
      await own.process.line(({ msg }) =>
        ['the TLS certificate is renewed', 'all workers are replaced'].includes(msg),
      );
      expect((await trusting(second).infer(RAW)).outputs).toHaveLength(3);
      expect(await own.stop()).toBe(0);
    },
  );

  it.each([
    { port: 'off', isLoaded: false },
    { port: '0', isLoaded: true },
  ])('is loaded: $isLoaded with GRPC_PORT=$port', async ({ port, isLoaded }) => {
    const directory = mkdtempSync(join(tmpdir(), 'loaded-files-'));
    const own = await startService({ GRPC_PORT: port, NODE_V8_COVERAGE: directory });
    expect(await own.stop()).toBe(0);
    const loaded = readdirSync(directory).flatMap((file) => {
      const coverage = readFileSync(join(directory, file), 'utf8');
      return (JSON.parse(coverage) as { result: { url: string }[] }).result.map(({ url }) => url);
    });
    rmSync(directory, { recursive: true });
    const library = readdirSync('bundle').find((name) =>
      readFileSync(join('bundle', name), 'utf8').includes('GRPC_VERBOSITY'),
    );
    expect(library).toBeDefined();
    expect(loaded.some((url) => url.endsWith(`/bundle/${String(library)}`))).toBe(isLoaded);
    expect(loaded.some((url) => url.includes('/bundle/grpc.module-'))).toBe(isLoaded);
  });
});
