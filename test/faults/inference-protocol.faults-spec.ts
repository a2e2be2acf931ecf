import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  FEATURES,
  fixtureManifest,
  fixtureProbability,
  readFixture,
  writeBundle,
  writeVersion,
} from '../support/bundle.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { ConstantLoad } from '../support/load.js';
import { Scrape } from '../support/metrics.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { residentBytes } from '../support/resident-memory.js';
import { type Environment, type Service, startService, TAKES_BURSTS } from '../support/service.js';
import { customerOf, type InferAnswer, matrixOf, tenuresOf, TensorClient } from '../support/tensor-client.js';
import { doublesOf } from '../support/tensors.js';

/** The most of a request, unless MAX_INFER_ROWS says otherwise. */
const MANY = tenuresOf(10_000);
/** More than share a pass with predictions. */
const SOME = tenuresOf(120);
const INFER = '/v2/models/churn_model/infer';
const MEBIBYTE = 1024 * 1024;
/** Of a bundle that a test writes. */
const HEAVY_NAME = 'model';

/** A service whose model takes some milliseconds a row, so that many rows wait. */
async function startHeavy(environment: Environment = {}, modelPath?: string): Promise<Service> {
  return startService({
    MODEL_PATH: modelPath ?? heavyBundle(),
    INFERENCE_THREADS: '1',
    REQUEST_TIMEOUT_MS: '600000',
    ...environment,
  });
}

function heavyBundle(): string {
  const model = readFixture('heavy_row');
  return writeBundle({ model, manifest: fixtureManifest(model) });
}

/** Resolves once rows wait for time that predictions leave, or none do any more. */
async function untilRowsWait({ url }: Service, expected: boolean): Promise<void> {
  while ((await Scrape.of(url)).sum('model_idle_rows_waiting') > 0 !== expected) {
    await delay(10);
  }
}

function expectHeavyScores({ status, outputs }: InferAnswer, tenures: readonly number[]): void {
  expect(status).toBe(200);
  const probabilities = doublesOf({ bytes: outputs.get('churn_probability') ?? Buffer.of() });
  expect(probabilities).toHaveLength(tenures.length);
  tenures.forEach((tenure, row) => {
    const values = FEATURES.map((name) => customerOf(tenure)[name] ?? NaN);
    expect(probabilities[row]).toBeCloseTo(fixtureProbability(values), 5);
  });
}

/** A refusal is one that the protocol's clients understand. */
function expectRefusal({ status, headers, error }: InferAnswer): void {
  expect([503, 504]).toContain(status);
  expect(headers.get('Content-Type')).toBe('application/json');
  expect(error).toMatch(/\S/);
}

describe('many rows as tensors', () => {
  it.each<[string, Environment]>([
    ['on a thread', { INFERENCE_THREADS: '1' }],
    ['on the event loop', { INFERENCE_THREADS: '0' }],
  ])('are overtaken by predictions, %s', async (_where, environment) => {
    const service = await startHeavy(environment);
    const client = new TensorClient(service.url, HEAVY_NAME);
    const order: string[] = [];
    const inferred = client.infer(SOME);
    void inferred.then(({ status }) => order.push(`tensors ${status}`));
    await untilRowsWait(service, true);
    for (let prediction = 0; prediction < 3; prediction++) {
      const { status } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
      order.push(`prediction ${status}`);
    }
    expectHeavyScores(await inferred, SOME);
    expect(order).toEqual(['prediction 200', 'prediction 200', 'prediction 200', 'tensors 200']);
    await service.stop();
  });

  it('are answered right or refused, beside more predictions than there is time for', async () => {
    const service = await startService();
    const client = new TensorClient(service.url);
    const right = await client.infer(MANY);
    expect(right.status).toBe(200);
    const load = new ConstantLoad(service.url, 64);
    const inferring = async (): Promise<InferAnswer[]> => {
      const answers: InferAnswer[] = [];
      for (let turn = 0; turn < 10; turn++) {
        answers.push(await client.infer(MANY, { 'X-Request-Timeout-Ms': '1000' }));
      }
      return answers;
    };
    const answers = (await Promise.all([inferring(), inferring(), inferring(), inferring()])).flat();
    expect((await request(`${service.url}/v2/health/live`)).status).toBe(200);
    const outcomes = await load.end();
    for (const answer of answers) {
      if (answer.status === 200) {
        expect(answer.outputs).toEqual(right.outputs);
      } else {
        expectRefusal(answer);
      }
    }
    // None fails but by the refusal of a service that has too much to do.
    for (const outcome of outcomes.keys()) {
      expect(outcome).toMatch(/^200$|^503 .*"code":"overloaded"/);
    }
    expect(outcomes.get('200')).toBeGreaterThan(0);
    expect((await client.infer(MANY)).outputs).toEqual(right.outputs);
    expect(await service.stop()).toBe(0);
  });

  it('that come at once with many predictions are each answered or refused in their own form', async () => {
    const service = await startService({ MAX_EVENT_LOOP_DELAY_MS: '20' });
    const client = new TensorClient(service.url);
    const connections = await Promise.all(
      Array.from({ length: 400 }, async (_, index) => ({
        connection: await RawConnection.open(service.port),
        isInference: index % 4 === 0,
      })),
    );
    const batch = rawPost('/predict/batch', { customers: Array(100).fill(LOW_RISK_CUSTOMER) });
    const inference = rawPost(INFER, { inputs: [matrixOf(SOME)] });
    service.process.signal('SIGSTOP');
    await Promise.all(
      connections.map(({ connection, isInference }) => connection.send(isInference ? inference : batch)),
    );
    service.process.signal('SIGCONT');
    const seen = new Set<string>();
    for (const { connection, isInference } of connections) {
      const answer = await connection.until(
        isInference
          ? /HTTP\/1\.1 (200[^]*"risk_tier"[^]*\]\}|503[^]*\{"error":"[^"]+"\}$)/
          : /HTTP\/1\.1 (200|503)[^]*(latency_ms|request_id)"/,
      );
      seen.add(`${isInference ? 'tensors' : 'batch'} ${answer.slice(9, 12)}`);
      connection.reset();
    }
    expect([...seen]).toEqual(expect.arrayContaining(['tensors 503', 'batch 503', 'batch 200']));
    expect((await client.infer(MANY)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('are refused at once if they could not be done in time, and say when to try again', async () => {
    const service = await startHeavy();
    const client = new TensorClient(service.url, HEAVY_NAME);
    const late = await client.infer(SOME, { 'X-Request-Timeout-Ms': '1' });
    expectRefusal(late);
    expect(late.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    await service.stop();
  });
});

describe('a shutdown', () => {
  it('waits for tensors that are scored', async () => {
    const service = await startHeavy({ SHUTDOWN_TIMEOUT_MS: '600000' });
    const client = new TensorClient(service.url, HEAVY_NAME);
    const inferred = client.infer(SOME);
    await untilRowsWait(service, true);
    const exit = service.stop();
    expectHeavyScores(await inferred, SOME);
    expect(await exit).toBe(0);
  });

  it('waits for tensors that are still sent, and no longer than SHUTDOWN_TIMEOUT_MS', async () => {
    const service = await startService({ SHUTDOWN_TIMEOUT_MS: '2000' });
    const whole = rawPost(INFER, { inputs: [matrixOf(SOME)] });
    const [sent, unfinished] = [
      await RawConnection.open(service.port),
      await RawConnection.open(service.port),
    ];
    await Promise.all([sent.send(whole.slice(0, -10)), unfinished.send(whole.slice(0, -10))]);
    // Both have arrived by then.
    await expect
      .poll(async () => (await Scrape.of(service.url)).sum('http_requests_in_flight'))
      .toBeGreaterThanOrEqual(2);
    const exit = service.stop();
    await service.process.line(({ msg }) => msg === 'draining');
    await sent.send(whole.slice(-10));
    expect(await sent.untilClosed()).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close[^]*"risk_tier"/);
    expect(await unfinished.untilClosed()).not.toMatch(/^HTTP\/1\.1 200/);
    expect(await exit).toBe(0);
  });
});

describe('SIGHUP with WORKERS=2', () => {
  it('loses no tensors, and each answer is whole and of one version', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'infer-'));
    cpSync('models', folder, { recursive: true, filter: (path) => !path.includes('training') });
    const modelPath = join(folder, 'churn_model.onnx');
    const service = await startService({
      ...TAKES_BURSTS,
      WORKERS: '2',
      MODEL_PATH: modelPath,
      KEEP_ALIVE_TIMEOUT_MS: '1000',
    });
    const client = new TensorClient(service.url);
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const right = await client.infer(MANY);
    const versions = new Set<unknown>();
    let isReplaced = false;
    const inferring = async (headers: Record<string, string>): Promise<void> => {
      while (!isReplaced) {
        const answer = await client.infer(MANY, headers);
        expect([answer.status, answer.error]).toEqual([200, undefined]);
        expect(answer.outputs).toEqual(right.outputs);
        versions.add(answer.modelVersion);
      }
    };
    const inferrings = [inferring({}), inferring({}), inferring({ Connection: 'close' })];
    writeVersion(modelPath, '2.0.0');
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    isReplaced = true;
    await Promise.all(inferrings);
    expect(versions).toContain('1.0.0');
    expect((await client.infer(MANY, { Connection: 'close' })).modelVersion).toBe('2.0.0');
    expect(await service.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('has tensors finished by the worker that began them', async () => {
    const modelPath = heavyBundle();
    const service = await startHeavy({ WORKERS: '2', SHUTDOWN_TIMEOUT_MS: '60000' }, modelPath);
    const client = new TensorClient(service.url, HEAVY_NAME);
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const inferred = client.infer(SOME, { Connection: 'close' });
    await untilRowsWait(service, true);
    writeVersion(modelPath, '2.0.0');
    service.process.signal('SIGHUP');
    const answer = await inferred;
    expectHeavyScores(answer, SOME);
    expect(answer.modelVersion).toBe('1.0.0');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    expect(await service.stop()).toBe(0);
  });
});

describe('a client of the protocol', () => {
  it('that leaves while its rows wait takes them along', async () => {
    const service = await startHeavy();
    const client = new TensorClient(service.url, HEAVY_NAME);
    const leaving = new AbortController();
    const left = client.infer(SOME, {}, leaving.signal);
    left.catch(() => undefined);
    await untilRowsWait(service, true);
    leaving.abort();
    await expect(left).rejects.toThrow(/abort/);
    await untilRowsWait(service, false);
    expect(await service.process.line(({ status }) => status === 499)).toMatchObject({
      route: '/v2/models/:name/infer',
    });
    expect((await Scrape.of(service.url)).sum('predictions_total')).toBe(0);
    await service.stop();
  });

  it('holds no memory after it has left in the middle of its body', async () => {
    const service = await startService(TAKES_BURSTS);
    // The bodies of all may have 64 MiB in memory. A compressed one may get as large as the limit.
    const head = rawPost(INFER, {}, { 'Content-Encoding': 'gzip', 'Content-Length': '1000' }).slice(0, -2);
    const body = Uint8Array.from(gzipSync(JSON.stringify({ inputs: [matrixOf(SOME)] })));
    const held: RawConnection[] = [];
    const compressed = async (): Promise<number> =>
      (await post(service.url + INFER, body, { 'Content-Encoding': 'gzip' })).status;
    while ((await compressed()) === 200) {
      const connection = await RawConnection.open(service.port);
      await connection.send(head);
      held.push(connection);
    }
    expect(held.length).toBeGreaterThan(3);
    const refused = await post(service.url + INFER, body, { 'Content-Encoding': 'gzip' });
    expect([refused.status, Object.keys(refused.body)]).toEqual([503, ['error']]);
    held.forEach((connection) => {
      connection.reset();
    });
    await expect.poll(compressed).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('that sends more than the limit, without saying how much, has none of it kept', async () => {
    const service = await startService(TAKES_BURSTS);
    const { pid } = service.process;
    const client = new TensorClient(service.url);
    await client.infer(MANY);
    const bytesBefore = residentBytes(pid);
    const connection = await RawConnection.open(service.port);
    await connection.send(`POST ${INFER} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = Buffer.concat([
      Buffer.from('100000\r\n'),
      Buffer.alloc(MEBIBYTE, ' '),
      Buffer.from('\r\n'),
    ]);
    for (let sent = 0; sent < 400; sent++) {
      await connection.send(chunk);
    }
    expect(residentBytes(pid)).toBeLessThan(bytesBefore + 150 * MEBIBYTE);
    await connection.send('0\r\n\r\n');
    await connection.until(/^HTTP\/1\.1 413 [^]*\{"error":/);
    connection.reset();
    expect(await service.stop()).toBe(0);
  });

  it('that sends its body a byte at a time is told 408, and costs nobody else', async () => {
    const service = await startService({ RECEIVE_TIMEOUT_MS: '1000' });
    const client = new TensorClient(service.url);
    const connection = await RawConnection.open(service.port);
    const whole = rawPost(INFER, { inputs: [matrixOf(SOME)] });
    const bodyAt = whole.indexOf('\r\n\r\n') + 4;
    await connection.send(whole.slice(0, bodyAt));
    let position = bodyAt;
    const dripping = setInterval(() => {
      connection.send(whole.slice(position, ++position)).catch(() => undefined);
    }, 50);
    const answers = new Set<number>();
    const state = { isAnswered: false };
    const answered = connection.until(/\{"error"/).then(() => {
      // A byte that comes after the connection is closed would break the reading.
      clearInterval(dripping);
      state.isAnswered = true;
    });
    while (!state.isAnswered) {
      answers.add((await client.infer(MANY)).status);
    }
    await answered;
    expect(await connection.untilClosed()).toMatch(
      /^HTTP\/1\.1 408 [^]*Content-Type: application\/json\r\n[^]*Connection: close[^]*\{"error":"The rest of the body did not/,
    );
    expect(answers).toEqual(new Set([200]));
    expect(await service.stop()).toBe(0);
  });

  it('that sends each byte alone, but in time, is answered', async () => {
    const service = await startService();
    const connection = await RawConnection.open(service.port);
    for (const byte of rawPost(INFER, { inputs: [matrixOf([6])] }, { Connection: 'close' })) {
      await connection.send(byte);
    }
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 200 [^]*"data":\[0\.8889/);
    expect(await service.stop()).toBe(0);
  });

  it('that never reads its answers loses its connection, and costs nobody else', async () => {
    const rowCount = 30_000;
    const service = await startService({
      ...TAKES_BURSTS,
      // A slow machine must refuse none of the rows: only whole answers fill the connection.
      REQUEST_TIMEOUT_MS: '60000',
      SEND_TIMEOUT_MS: '1000',
      MAX_INFER_ROWS: String(rowCount),
      MAX_EXPLANATION_QUEUE_ROWS: '1000000',
    });
    const client = new TensorClient(service.url);
    // Sixteen answers of 1 MB are more than the operating system takes.
    const body = gzipSync(JSON.stringify({ inputs: [matrixOf(tenuresOf(rowCount))] }));
    const head = [
      `POST ${INFER} HTTP/1.1`,
      'Host: localhost',
      'Content-Encoding: gzip',
      `Content-Length: ${body.length}`,
    ];
    const whole = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
    const connection = await RawConnection.open(service.port);
    connection.stopReading();
    for (let sent = 0; sent < 16; sent++) {
      // It takes no more at some time.
      connection.send(whole).catch(() => undefined);
    }
    const line = service.process.line(({ reason }) => reason === 'answer_not_read');
    const state = { isClosed: false };
    void line.then(() => (state.isClosed = true));
    const answers = new Set<number>();
    while (!state.isClosed) {
      answers.add((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status);
    }
    expect(await line).toMatchObject({ status: 499, route: '/v2/models/:name/infer' });
    expect(answers).toEqual(new Set([200]));
    expect((await client.infer(MANY)).status).toBe(200);
    connection.reset();
    expect(await service.stop()).toBe(0);
  }, 120_000);
});
