import { expect, it } from 'vitest';
import { PROBLEMS } from '../../src/http/problems/problem-catalogue.js';
import { ENDLESS_CUSTOMER, startWithEndlessModel } from '../support/endless-model.js';
import { type Answer, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { startQueue } from '../support/load-balancer.js';
import { startService } from '../support/service.js';

/** Of deploy/haproxy/haproxy.cfg: those that it lets in, and those that it has wait. */
const PLACES = 32 + 256;

it('HAProxy lets predictions through, and says why a wrong one is refused', async () => {
  const service = await startService();
  const url = await startQueue(service);
  expect((await post(`${url}/predict`, LOW_RISK_CUSTOMER)).body).toMatchObject({ risk_tier: 'LOW' });
  expect((await post(`${url}/predict`, {})).body).toMatchObject({ code: 'validation_failed' });
  await service.stop();
});

it('HAProxy refuses what finds its queue full as the service would, and lets probes through', async () => {
  const service = await startWithEndlessModel();
  const url = await startQueue(service);
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
