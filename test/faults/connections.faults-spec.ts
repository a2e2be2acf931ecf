import { readdirSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { residentBytes } from '../support/resident-memory.js';
import { startService, TAKES_BURSTS } from '../support/service.js';

const MEBIBYTE = 1024 * 1024;
const LIVE = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

describe('more connections than file descriptors', () => {
  it('are closed unanswered beyond the limit, and the service goes on', async () => {
    const service = await startService({}, undefined, { setUp: 'ulimit -n 64' });
    const connections = await Promise.all(
      Array.from({ length: 200 }, () => RawConnection.open(service.port)),
    );
    const outcomes = await Promise.all(
      connections.map(async (connection) => {
        await connection.send(LIVE).catch(() => undefined);
        return Promise.race([
          connection.until(/"status":"ok"/).then(() => 'answered'),
          connection.untilClosed().then((text) => (text === '' ? 'closed' : text)),
        ]).catch(() => 'closed');
      }),
    );
    const answered = outcomes.filter((outcome) => outcome === 'answered').length;
    const closed = outcomes.filter((outcome) => outcome === 'closed').length;
    expect(answered).toBeGreaterThan(0);
    expect(closed).toBeGreaterThan(0);
    expect(answered + closed).toBe(200);

    connections.forEach((connection) => {
      connection.reset();
    });
    await expect
      .poll(() =>
        post(`${service.url}/predict`, HIGH_RISK_CUSTOMER).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    expect(await service.stop()).toBe(0);
    expect(service.process.noise).toEqual([]);
  });
});

describe('connections that are dropped', () => {
  it('leave only one log line each, if 10,000 are dropped half-way through a request', async () => {
    const service = await startService(TAKES_BURSTS);
    const { pid } = service.process;
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' });
    const filesBefore = openFiles(pid);
    const bytesBefore = residentBytes(pid);
    const whole = rawPost('/predict', HIGH_RISK_CUSTOMER);
    const midBody = whole.slice(0, -20);
    const midHeaders = whole.slice(0, 30);
    for (let round = 0; round < 40; round++) {
      await Promise.all(
        Array.from({ length: 250 }, async (_, index) => {
          const socket = connect(service.port, '127.0.0.1');
          socket.on('error', () => undefined);
          await once(socket, 'connect');
          socket.end(index % 2 === 0 ? midBody : midHeaders);
          await once(socket.resume(), 'close');
        }),
      );
    }
    const { status } = await request(`${service.url}/health/live`, { headers: { Connection: 'close' } });
    expect(status).toBe(200);
    await service.process.lineCount((line) => line['status'] === 499, 5000);
    await expect.poll(() => openFiles(pid)).toBeLessThanOrEqual(filesBefore);
    expect(residentBytes(pid)).toBeLessThan(bytesBefore + 150 * MEBIBYTE);

    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await service.process.requestLine(requestId);
    const statuses = service.process.lines
      .filter(({ msg }) => msg === 'request completed')
      .map((line) => line['status']);
    expect([499, 400, 200].map((wanted) => statuses.filter((found) => found === wanted).length)).toEqual([
      5000, 5000, 2,
    ]);
    expect(await service.stop()).toBe(0);
  });
});
