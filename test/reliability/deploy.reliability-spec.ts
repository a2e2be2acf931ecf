import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { ConstantLoad, type Outcomes } from '../support/load.js';
import { PROBE_INTERVAL_MS, startLoadBalancer } from '../support/load-balancer.js';
import { type Environment, type Service, startService } from '../support/service.js';

const CALLERS = 8;
const ROLLS = 5;
/** Long enough for a probe to be sent, fail and be believed, and for a replaced instance to be found ready again. */
const NOTICED_MS = 10 * PROBE_INTERVAL_MS;

/** Replaces two instances behind a load balancer, one after the other, again and again, under load. */
async function rollUnderLoad(rolls: number, environment: Environment): Promise<Outcomes> {
  const front = await freePort();
  const instancePorts = [await freePort(), await freePort()];
  const start = (port: number): Promise<Service> => startService({ PORT: String(port), ...environment });
  const instances = await Promise.all(instancePorts.map(start));
  const load = new ConstantLoad(await startLoadBalancer(front, instancePorts), CALLERS);
  for (let roll = 0; roll < rolls; roll++) {
    for (const [index, port] of instancePorts.entries()) {
      expect(await instances[index]?.stop()).toBe(0);
      instances[index] = await start(port);
      await sleep(NOTICED_MS);
    }
  }
  return load.end();
}

it('two instances behind a load balancer are replaced five times, and no request fails', async () => {
  const outcomes = await rollUnderLoad(ROLLS, { SHUTDOWN_DELAY_MS: String(NOTICED_MS) });
  expect(Object.fromEntries(outcomes)).toEqual({ 200: expect.any(Number) as number });
  console.log(`${outcomes.get('200') ?? 0} requests`);
});

it('without a delay requests fail, so that the test above can', async () => {
  const outcomes = await rollUnderLoad(ROLLS, { SHUTDOWN_DELAY_MS: '0' });
  expect([...outcomes.keys()]).not.toEqual(['200']);
});

it('the workers of one instance are replaced five times by SIGHUP, and no request fails', async () => {
  const front = await freePort();
  const service = await startService({ WORKERS: '2', KEEP_ALIVE_TIMEOUT_MS: '2000' });
  const load = new ConstantLoad(await startLoadBalancer(front, [service.port]), CALLERS);
  for (let roll = 1; roll <= ROLLS; roll++) {
    service.process.signal('SIGHUP');
    await service.process.lineCount(({ msg }) => msg === 'all workers are replaced', roll);
  }
  const outcomes = await load.end();
  expect(Object.fromEntries(outcomes)).toEqual({ 200: expect.any(Number) as number });
  console.log(`${outcomes.get('200') ?? 0} requests`);
  expect(await service.stop()).toBe(0);
});
