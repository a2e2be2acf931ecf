import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { ENDLESS_CUSTOMER } from '../support/endless-model.js';
import { type Answer, HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { type Service, startService, TAKES_BURSTS } from '../support/service.js';

const FAULTY_CUSTOMER = { ...HIGH_RISK_CUSTOMER, monthly_charges: 77.77 };
const FAULTS = {
  NODE_OPTIONS: `--import=${pathToFileURL('test/support/thread-faults.js').href}`,
  FAULTY_CHARGES: String(FAULTY_CUSTOMER.monthly_charges),
};
const ENDED = 'an inference thread ended and is replaced';
const REPLACED = 'the inference thread is replaced';

/** A bundle of a graph that gives one column. */
function bundleOf(name: string): string {
  const model = readFixture(name);
  const manifest = fixtureManifest(model);
  return writeBundle({ model, manifest });
}

function predict({ url }: Service, customer: Record<string, number> = HIGH_RISK_CUSTOMER): Promise<Answer> {
  return post(`${url}/predict`, customer);
}

function batchOf(size: number): unknown {
  return { customers: Array<unknown>(size).fill(HIGH_RISK_CUSTOMER) };
}

describe('INFERENCE_THREADS=auto', () => {
  it('runs a light model on the event loop, and says why', async () => {
    const service = await startService({});
    const loaded = await service.process.line(({ msg }) => msg === 'model loaded');
    expect(loaded).toMatchObject({ inference_threads: 0, pass_ms: expect.any(Number) as number });
    await service.stop();
  });

  it('runs a heavy model on threads, and says why', async () => {
    const service = await startService({ MODEL_PATH: bundleOf('heavy_row') });
    const { inference_threads, max_batch_rows, pass_ms } = await service.process.line(
      ({ msg }) => msg === 'model loaded',
    );
    expect(inference_threads).toBeGreaterThanOrEqual(1);
    expect(pass_ms).toBeGreaterThan(2);
    expect(max_batch_rows).toBe(128);
    await service.stop();
  });
});

describe('inference threads', () => {
  it('leave the event loop free: probes that come during a pass are answered before it ends', async () => {
    const service = await startService({ MODEL_PATH: bundleOf('heavy_pass') });
    const order: string[] = [];
    const prediction = post(`${service.url}/predict/batch`, batchOf(100)).then(() =>
      order.push('prediction'),
    );
    await Promise.all(
      ['live', 'ready', 'live'].map((probe) =>
        request(`${service.url}/health/${probe}`).then(() => order.push(probe)),
      ),
    );
    await prediction;
    expect(order.at(-1)).toBe('prediction');
    await service.stop();
  });

  it('give the same answers as the event loop, each to its caller', async () => {
    const inline = await startService({ ...TAKES_BURSTS, INFERENCE_THREADS: '0' });
    const threaded = await startService({ ...TAKES_BURSTS, INFERENCE_THREADS: '2' });
    const customers = Array.from({ length: 100 }, (_, index) => ({
      ...HIGH_RISK_CUSTOMER,
      tenure_months: index,
    }));
    const answersOf = async (service: Service): Promise<unknown[]> => {
      const answers = await Promise.all(customers.map((customer) => predict(service, customer)));
      return answers.map(({ body }) => body['churn_probability']);
    };
    const expected = await answersOf(inline);
    expect(new Set(expected).size).toBeGreaterThan(50);
    expect(await answersOf(threaded)).toEqual(expected);
    await Promise.all([inline.stop(), threaded.stop()]);
  });

  it.each(['exit', 'throw'])(
    'are replaced when they %s before a pass, and the request is answered',
    async (FAULT) => {
      const service = await startService({ ...FAULTS, FAULT, FAULTY_THREADS: '1', INFERENCE_THREADS: '1' });
      expect((await predict(service, FAULTY_CUSTOMER)).status).toBe(200);
      await service.process.line(({ msg }) => msg === REPLACED);
      expect(service.process.lines.filter(({ msg }) => msg === ENDED)).toHaveLength(1);
      expect(await service.stop()).toBe(0);
    },
  );

  it('refuse a request that no thread survives, and go on with the others', async () => {
    const service = await startService({
      ...FAULTS,
      FAULT: 'exit',
      FAULTY_THREADS: '2',
      INFERENCE_THREADS: '1',
    });
    const { status, body } = await predict(service, FAULTY_CUSTOMER);
    expect([status, body['code']]).toEqual([503, 'model_not_ready']);
    expect((await predict(service, FAULTY_CUSTOMER)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('are replaced from the proven bytes, even if the file has changed', async () => {
    const path = bundleOf('output_n1');
    const service = await startService({ ...FAULTS, MODEL_PATH: path, INFERENCE_THREADS: '1' });
    const before = await predict(service);
    writeFileSync(path, 'no model');
    service.process.signal('SIGUSR2');
    await service.process.line(({ msg }) => msg === REPLACED);
    expect((await predict(service)).body).toEqual(before.body);
    expect(await service.stop()).toBe(0);
  });

  it('finish a pass under way before the process ends', async () => {
    const service = await startService({ MODEL_PATH: bundleOf('heavy_pass') });
    const prediction = post(`${service.url}/predict/batch`, batchOf(100), { Connection: 'close' });
    await request(`${service.url}/health/live`);
    const stopped = service.stop();
    expect((await prediction).status).toBe(200);
    expect(await stopped).toBe(0);
  });

  it('finish the passes of all requests that came one behind the other on a connection', async () => {
    const service = await startService({ MODEL_PATH: bundleOf('heavy_row') });
    const caller = await RawConnection.open(service.port);
    const single = rawPost('/predict', HIGH_RISK_CUSTOMER);
    await caller.send(rawPost('/predict/batch', batchOf(100)) + single + single);
    await request(`${service.url}/health/live`);
    const stopped = service.stop();
    const answers = (await caller.untilClosed()).match(/HTTP\/1\.1 \d+|Connection: \S+/g);
    expect(answers).toEqual([
      ...['HTTP/1.1 200', 'Connection: keep-alive'],
      ...['HTTP/1.1 200', 'Connection: keep-alive'],
      ...['HTTP/1.1 200', 'Connection: close'],
    ]);
    expect(await stopped).toBe(0);
  });

  it('do not hold up a process that is told twice to end, nor abort it', async () => {
    const service = await startService({
      MODEL_PATH: bundleOf('endless_at_tenure_100'),
      INFERENCE_THREADS: '1',
    });
    const prediction = predict(service, ENDLESS_CUSTOMER);
    prediction.catch(() => undefined);
    await request(`${service.url}/health/live`);
    service.process.signal('SIGTERM');
    await service.process.line(({ msg }) => msg === 'draining');
    service.process.signal('SIGTERM');
    expect(await service.process.exit()).toBeNull();
    await expect(prediction).rejects.toThrow();
    expect(service.process.noise).toEqual([]);
  });
});

describe('a pass that never ends', () => {
  it('is refused, fails liveness, and leaves the other threads at work', async () => {
    const service = await startService({
      MODEL_PATH: bundleOf('endless_at_tenure_100'),
      INFERENCE_THREADS: '2',
      STALL_TIMEOUT_MS: '1000',
    });
    expect((await predict(service, ENDLESS_CUSTOMER)).status).toBe(503);
    const live = await request(`${service.url}/health/live`);
    expect(live.status).toBe(503);
    expect(live.body['error']).toEqual({ inference: { status: 'down', reason: 'stalled' } });
    expect((await predict(service)).status).toBe(200);
    expect((await request(`${service.url}/health/ready`)).status).toBe(200);

    expect((await predict(service, ENDLESS_CUSTOMER)).status).toBe(503);
    const { body } = await predict(service);
    expect(body['code']).toBe('model_not_ready');
    const ready = await request(`${service.url}/health/ready`);
    expect(ready.body['error']).toEqual({ model: { status: 'down', reason: 'stalled' } });
    expect(await service.stop()).toBeNull();
    expect(service.process.noise).toEqual([]);
  });
});
