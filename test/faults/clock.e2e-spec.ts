import { expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { startService } from '../support/service.js';

const HOUR_MS = 3_600_000;
const SET_BACK = `process.on('SIGUSR2', () => {
  const { now } = Date;
  Date.now = () => now() - ${HOUR_MS};
  console.log('set back');
})`;

it('a clock that is set back during a request disturbs no duration', async () => {
  const service = await startService({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(SET_BACK)}`,
  });
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
