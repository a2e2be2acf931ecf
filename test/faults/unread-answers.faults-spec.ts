import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Scrape } from '../support/metrics.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { type LogLine, startService, TAKES_BURSTS } from '../support/service.js';
import { matrixOf, tenuresOf } from '../support/tensor-client.js';

/** Sixteen of it are more than the socket buffers of both sides hold. */
const LARGE_FILE = '/redoc/redoc.standalone.js';
const PIPELINED = 16;
const INFER = '/v2/models/churn_model/infer';
const MEBIBYTE = 1024 * 1024;
const GET_LARGE_FILES = `GET ${LARGE_FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(PIPELINED);

const isUnread = (line: LogLine): boolean => line['status'] === 499 && line['reason'] === 'answer_not_read';

describe.each([1, 2])('callers that do not read their answers, with WORKERS=%s', (workers) => {
  it('lose their connections, so that others are served', async () => {
    const connectionCount = 10 * workers;
    const service = await startService({
      ...TAKES_BURSTS,
      WORKERS: String(workers),
      MAX_CONNECTIONS: '10',
      SEND_TIMEOUT_MS: '1000',
    });
    if (workers > 1) {
      await service.process.line(({ msg }) => msg === 'all workers are ready');
    }
    const callers = await Promise.all(
      Array.from({ length: connectionCount }, () => RawConnection.open(service.port)),
    );
    await Promise.all(
      callers.map(async (caller) => {
        caller.stopReading();
        await caller.send(GET_LARGE_FILES);
      }),
    );
    // All places are taken by then.
    await expect
      .poll(async () => (await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, CLOSE)).status)
      .toBe(503);
    await expect
      .poll(async () => (await request(`${service.url}/health/ready`, { headers: CLOSE })).status)
      .toBe(503);
    expect((await request(`${service.url}/health/live`, { headers: CLOSE })).status).toBe(200);

    await service.process.line(isUnread);
    await expect.poll(async () => (await Scrape.of(service.url)).sum('http_connections')).toBeLessThan(5);
    await expect
      .poll(async () => (await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, CLOSE)).status)
      .toBe(200);
    expect((await request(`${service.url}/health/ready`, { headers: CLOSE })).status).toBe(200);
    callers.forEach((caller) => {
      caller.reset();
    });
    expect(await service.stop()).toBe(0);
  });
});

const CLOSE = { Connection: 'close' };

describe('a caller that does not read its answer, but sends a byte now and then', () => {
  it.each(['\r\n', 'P'])('loses its connection: %j', async (bytes) => {
    const rowCount = 600_000;
    const service = await startService({
      ...TAKES_BURSTS,
      REQUEST_TIMEOUT_MS: '60000',
      SEND_TIMEOUT_MS: '1000',
      MAX_INFER_ROWS: String(rowCount),
      MAX_EXPLANATION_QUEUE_ROWS: String(rowCount),
      BODY_LIMIT_BYTES: '100000000',
    });
    const caller = await RawConnection.open(service.port);
    caller.stopReading();
    const body = gzipSync(JSON.stringify({ inputs: [matrixOf(tenuresOf(rowCount))] }));
    const head = `POST ${INFER} HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\n`;
    await caller.send(`${head}Content-Length: ${body.length}\r\n\r\n`);
    await caller.send(body);
    const sending = setInterval(() => {
      // The connection may be closed already.
      caller.send(bytes).catch(() => undefined);
    }, 100);
    await service.process.line(isUnread);
    clearInterval(sending);
    caller.reset();
    expect(await service.stop()).toBe(0);
  });
});

describe('a caller that reads slowly', () => {
  it('gets all of its answers, though that takes longer than SEND_TIMEOUT_MS', async () => {
    const service = await startService({ SEND_TIMEOUT_MS: '1000' });
    const { headers } = await request(service.url + LARGE_FILE, { method: 'HEAD' });
    const wholeBytes = PIPELINED * Number(headers.get('Content-Length'));
    const caller = await RawConnection.open(service.port);
    caller.stopReading();
    await caller.send(GET_LARGE_FILES);
    const startedAtMs = performance.now();
    // The operating system makes room for more when a part of its buffer, of some MiB, is read.
    for (let bytes = MEBIBYTE; bytes < wholeBytes; bytes += MEBIBYTE) {
      await delay(300);
      await caller.readUpTo(bytes);
    }
    await caller.readUpTo(wholeBytes);
    expect(performance.now() - startedAtMs).toBeGreaterThan(3000);
    await caller.send(rawPost('/predict', LOW_RISK_CUSTOMER, CLOSE));
    expect(await caller.untilClosed()).toMatch(/"risk_tier":"LOW"[^]*$/);
    await service.stop();
    expect(service.process.lines.filter(isUnread)).toEqual([]);
  });
});

describe('an answer that takes long', () => {
  it('is not taken for one that is not read', async () => {
    const service = await startService({ SEND_TIMEOUT_MS: '1000', RECEIVE_TIMEOUT_MS: '20000' });
    const caller = await RawConnection.open(service.port);
    const whole = rawPost('/predict', LOW_RISK_CUSTOMER, { Connection: 'close' });
    await caller.send(whole.slice(0, -10));
    await delay(3000);
    await caller.send(whole.slice(-10));
    expect(await caller.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
    await service.stop();
  });
});

describe('a connection with more than 16 unanswered requests', () => {
  it('gets 16 answers and a refusal, and is closed', async () => {
    const service = await startService(TAKES_BURSTS);
    const caller = await RawConnection.open(service.port);
    await caller.send(rawPost('/predict', LOW_RISK_CUSTOMER).repeat(40));
    const answers = (await caller.untilClosed()).match(/HTTP\/1\.1 \d+/g);
    expect(answers).toEqual([...Array<string>(16).fill('HTTP/1.1 200'), 'HTTP/1.1 503']);
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});
