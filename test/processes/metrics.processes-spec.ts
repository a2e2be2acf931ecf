import { describe, expect, it } from 'vitest';
import { BUILD_INFO, Scrape } from '../support/metrics.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import type { Service } from '../support/service.js';
import { startTwoWorkers } from '../support/two-workers.js';

describe('the metrics of several workers', () => {
  const PREDICTIONS = 40;

  async function predict(service: Service): Promise<void> {
    for (let count = 0; count < PREDICTIONS; count++) {
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' });
    }
  }

  async function predicted(service: Service): Promise<number> {
    return (await Scrape.of(service.url)).sum('churn_predictions_total');
  }

  it('are added up, and any worker returns the sum', async () => {
    const service = await startTwoWorkers();
    await predict(service);
    for (let scrape = 0; scrape < 4; scrape++) {
      expect(await predicted(service)).toBe(PREDICTIONS);
    }
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('model_ready')).toBe(2);
    expect(scrape.samples('model_info')).toMatchObject([{ labels: { version: '1.0.0' }, value: 1 }]);
    expect(scrape.samples('build_info')).toEqual([BUILD_INFO]);
    expect(scrape.sum('worker_restarts_total')).toBe(0);
    expect(await service.stop()).toBe(0);
  });

  it('never fall because a worker is killed', async () => {
    const service = await startTwoWorkers();
    await predict(service);
    expect(await predicted(service)).toBe(PREDICTIONS);
    const pids = service.process.lines
      .filter(({ msg }) => msg === 'listening')
      .map(({ pid }) => pid as number);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await service.process.line(({ msg }) => msg === 'the worker is replaced');
    expect(await predicted(service)).toBe(PREDICTIONS);
    await predict(service);
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('churn_predictions_total')).toBe(2 * PREDICTIONS);
    expect(scrape.sum('worker_restarts_total')).toBe(1);
    expect(scrape.sum('model_ready')).toBe(2);
    expect(await service.stop()).toBe(0);
  });

  it('lose nothing that a worker counted before it was replaced', async () => {
    const service = await startTwoWorkers();
    await predict(service);
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    await expect
      .poll(async () => (await Scrape.of(service.url)).sum('model_ready'), { timeout: 10_000 })
      .toBe(2);
    expect(await predicted(service)).toBe(PREDICTIONS);
    expect(await service.stop()).toBe(0);
  });

  it('are returned even if a worker hangs, with its last known counts', async () => {
    const service = await startTwoWorkers();
    await predict(service);
    expect(await predicted(service)).toBe(PREDICTIONS);
    const connection = await RawConnection.open(service.port);
    await connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'held' }));
    const { pid: asked } = await service.process.requestLine('held');
    const hanging = service.process.lines.find(({ msg, pid }) => msg === 'listening' && pid !== asked);
    process.kill(hanging?.['pid'] as number, 'SIGSTOP');
    await connection.send('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const answer = await connection.untilClosed();
    expect(answer).toContain(`churn_predictions_total{risk_tier="HIGH"} ${PREDICTIONS + 1}`);
    process.kill(hanging?.['pid'] as number, 'SIGCONT');
    expect(await service.stop()).toBe(0);
  });
});
