import { expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { startService } from '../support/service.js';

const HOUR_MS = 3_600_000;
const SET_BACK = `process.on('SIGUSR2', () => {
  const { Date: Present } = globalThis;
  globalThis.Date = class extends Present {
    constructor(...parts) {
      super(...(parts.length === 0 ? [Date.now()] : parts));
    }
    static now() {
      return Present.now() - ${HOUR_MS};
    }
  };
  console.log('set back');
})`;
const CLOCK_TO_SET = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SET_BACK)}` };

it('a clock that is set back during a request disturbs no duration', async () => {
  const service = await startService(CLOCK_TO_SET);
  const { process, url, port } = service;
  const uptime = async (): Promise<number> => Number((await request(`${url}/health`)).body['uptime_seconds']);
  const before = await uptime();
  const text = rawPost('/predict', HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'across' });
  const connection = await RawConnection.open(port);
  await connection.send(text.slice(0, -20));
  await request(`${url}/health/live`);

  process.signal('SIGUSR2');
  await process.text(/set back/);
  await connection.send(text.slice(-20));
  await connection.until(/"risk_tier"/);

  const line = await process.requestLine('across');
  expect(Date.parse(String(line['time']))).toBeLessThan(Date.now() - HOUR_MS / 2);
  expect(line['latency_ms']).toBeGreaterThan(0);
  expect(line['latency_ms']).toBeLessThan(HOUR_MS / 2);
  const after = await uptime();
  expect(after).toBeGreaterThanOrEqual(before);
  expect(after).toBeLessThan(before + HOUR_MS / 2000);
  connection.reset();
  expect(await service.stop()).toBe(0);
});

it('a clock that is set back does not make the window of a rate limit longer', async () => {
  const service = await startService({
    ...CLOCK_TO_SET,
    RATE_LIMIT_REQUESTS: '1',
    RATE_LIMIT_WINDOW_MS: '1000',
  });
  const predict = (): ReturnType<typeof post> => post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
  await predict();
  service.process.signal('SIGUSR2');
  await service.process.text(/set back/);
  let answer = await predict();
  // The window may have ended between two requests.
  while (answer.status === 200) {
    expect(answer.headers.get('RateLimit-Reset')).toBe('1');
    answer = await predict();
  }
  expect(answer.headers.get('Retry-After')).toBe('1');
  await expect.poll(async () => (await predict()).status, { timeout: 10_000 }).toBe(200);
  expect(await service.stop()).toBe(0);
});
