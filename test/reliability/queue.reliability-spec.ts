import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { PROBLEMS } from '../../src/http/problems/problem-catalogue.js';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { freePort } from '../support/free-port.js';
import { type Answer, HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { type Service, startService } from '../support/service.js';

/** Of deploy/haproxy/haproxy.cfg: those that it lets in, and those that it has wait. */
const PLACES = 32 + 256;
/** Of the fixture: its pass never ends. */
const ENDLESS_CUSTOMER = { ...HIGH_RISK_CUSTOMER, tenure_months: 100 };

/** Starts HAProxy before the service, as `deploy/haproxy` has it. @returns its URL */
async function startQueueBefore({ port }: Service): Promise<string> {
  const callers = `127.0.0.1:${await freePort()}`;
  const haproxy = spawn('haproxy', ['-db', '-f', 'deploy/haproxy/haproxy.cfg'], {
    env: { ...process.env, CALLERS: callers, SERVICE: `127.0.0.1:${port}` },
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    haproxy.kill('SIGKILL');
    await once(haproxy, 'exit');
  });
  const url = `http://${callers}`;
  const isUp = async (): Promise<boolean> =>
    fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isUp).toBe(true);
  return url;
}

it('HAProxy lets predictions through, and says why a wrong one is refused', async () => {
  const service = await startService();
  const url = await startQueueBefore(service);
  expect((await post(`${url}/predict`, LOW_RISK_CUSTOMER)).body).toMatchObject({ risk_tier: 'LOW' });
  expect((await post(`${url}/predict`, {})).body).toMatchObject({ code: 'validation_failed' });
  await service.stop();
});

it('HAProxy refuses what finds its queue full as the service would, and lets probes through', async () => {
  const model = readFixture('endless_at_tenure_100');
  const service = await startService({
    MODEL_PATH: writeBundle({ model, manifest: fixtureManifest(model) }),
    INFERENCE_THREADS: '1',
    STALL_TIMEOUT_MS: '600000',
    SHUTDOWN_TIMEOUT_MS: '0',
  });
  const url = await startQueueBefore(service);
  const waiting: Promise<unknown>[] = [];
  const refused = await new Promise<Answer>((resolve) => {
    for (let count = 0; count < PLACES + 1; count++) {
      waiting.push(post(`${url}/predict`, ENDLESS_CUSTOMER).then(resolve, () => undefined));
    }
  });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('Retry-After')).toBe('1');
  expect(refused.headers.get('Content-Type')).toBe('application/problem+json');
  expect(refused.body).toMatchObject({
    type: 'urn:churn-model-api:problem:overloaded',
    title: PROBLEMS.overloaded.title,
    status: 503,
    code: 'overloaded',
  });
  expect((await request(`${url}/health/live`)).status).toBe(200);
  expect((await request(`${url}/health/ready`)).status).toBe(200);
  await service.stop();
  await Promise.all(waiting);
});
