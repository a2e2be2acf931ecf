import { describe, expect, it } from 'vitest';
import { ENDLESS_CUSTOMER, startWithEndlessModel } from '../support/endless-model.js';
import { type Answer, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { residentBytes } from '../support/resident-memory.js';
import { type Service, startService } from '../support/service.js';

const MEBIBYTE = 1024 * 1024;
const TIMEOUT_HEADER = 'X-Request-Timeout-Ms';

/** A service whose only inference thread is busy for ever. */
async function startOccupied(environment: Record<string, string> = {}): Promise<Service> {
  const service = await startWithEndlessModel(environment);
  const endless = await post(`${service.url}/predict`, ENDLESS_CUSTOMER, { [TIMEOUT_HEADER]: '2000' });
  expectProblem(endless, 504, 'deadline_exceeded');
  return service;
}

function expectProblem({ status, body }: Answer, expectedStatus: number, code: string): void {
  expect(status).toBe(expectedStatus);
  expect(body).toMatchObject({ status: expectedStatus, code });
}

describe('a request that runs out of time', () => {
  it('gets 504, and its rows leave the queue', async () => {
    const service = await startOccupied({ MAX_QUEUE_ROWS: '100' });
    const batch = { customers: Array(100).fill(LOW_RISK_CUSTOMER) };
    for (let attempt = 0; attempt < 3; attempt++) {
      const late = await post(`${service.url}/predict/batch`, batch, { [TIMEOUT_HEADER]: '50' });
      expectProblem(late, 504, 'deadline_exceeded');
    }
    await service.stop();
  });

  it('may not ask for more time than the operator allows', async () => {
    const service = await startOccupied({ REQUEST_TIMEOUT_MS: '1000' });
    for (const headers of [{}, { [TIMEOUT_HEADER]: '600000' }]) {
      expectProblem(
        await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, headers),
        504,
        'deadline_exceeded',
      );
    }
    await service.stop();
  });

  it.each(['0', '-1', '1.5', 'soon', '1e3', ''])(
    'is refused if it asks for %j milliseconds',
    async (value) => {
      const service = await startService();
      const refused = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, { [TIMEOUT_HEADER]: value });
      expectProblem(refused, 400, 'malformed_request');
      expect(refused.body['detail']).toBe(
        `X-Request-Timeout-Ms must be a whole number of milliseconds from 1 on, but is ${JSON.stringify(value)}.`,
      );
      expect(
        (await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, { [TIMEOUT_HEADER]: '9999' })).status,
      ).toBe(200);
      await service.stop();
    },
  );
});

describe('a queue that is full', () => {
  it('refuses further requests at once, says when to try again, and answers probes', async () => {
    const service = await startOccupied({ MAX_QUEUE_ROWS: '100', REQUEST_TIMEOUT_MS: '3000' });
    const waiting = await RawConnection.open(service.port);
    await waiting.send(rawPost('/predict/batch', { customers: Array(100).fill(LOW_RISK_CUSTOMER) }));
    // Answered after the batch was read: the server takes what has arrived in order.
    await request(`${service.url}/health/live`);
    const refused = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER);
    expectProblem(refused, 503, 'overloaded');
    expect(refused.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    expect(await service.process.requestLine(refused.requestId)).toMatchObject({
      status: 503,
      code: 'overloaded',
    });
    expect((await request(`${service.url}/health/live`)).status).toBe(200);
    expect((await request(`${service.url}/health/ready`)).status).toBe(200);

    await waiting.until(/"code":"deadline_exceeded"/);
    const next = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, { [TIMEOUT_HEADER]: '50' });
    expectProblem(next, 504, 'deadline_exceeded');
    await service.stop();
  });
});

describe('a connection that sends on and on without an answer', () => {
  it('has no more than its first requests kept', async () => {
    const service = await startOccupied({ REQUEST_TIMEOUT_MS: '8000' });
    const bytesBefore = residentBytes(service.process.pid);
    const caller = await RawConnection.open(service.port);
    await caller.send(rawPost('/predict', LOW_RISK_CUSTOMER).repeat(16));
    await caller.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1_000_000));
    expect(residentBytes(service.process.pid)).toBeLessThan(bytesBefore + 150 * MEBIBYTE);
    expect((await caller.untilClosed()).match(/"code":"\w+"/g)).toEqual([
      ...Array<string>(16).fill('"code":"deadline_exceeded"'),
      '"code":"overloaded"',
    ]);
    await service.stop();
  });
});

describe('more requests at once than the event loop takes in', () => {
  it('are refused cheaply beyond a bound, and probes are neither refused nor a reason to', async () => {
    const service = await startService({ MAX_EVENT_LOOP_DELAY_MS: '20' });
    const predictions = await openAccepted(service.port, 600);
    const probes = await openAccepted(service.port, 400);
    service.process.signal('SIGSTOP');
    await Promise.all(
      probes.map((connection) => connection.send('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n')),
    );
    const batch = rawPost('/predict/batch', { customers: Array(100).fill(LOW_RISK_CUSTOMER) });
    await Promise.all(predictions.map((connection) => connection.send(batch)));
    service.process.signal('SIGCONT');
    const answers = await Promise.all(
      predictions.map((connection) => connection.until(/HTTP\/1\.1 (200|503)[^]*(latency_ms|request_id)"/)),
    );
    const refusedCount = answers.filter((answer) => answer.includes('"code":"overloaded"')).length;
    const answeredCount = answers.filter((answer) => answer.includes('"batch_size":100')).length;
    expect(refusedCount + answeredCount).toBe(answers.length);
    expect(refusedCount).toBeGreaterThan(0);
    expect(answeredCount).toBeGreaterThan(0);
    await Promise.all(probes.map((connection) => connection.until(/"status":"ok"[^]*"status":"ok"/)));
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
    [...predictions, ...probes].forEach((connection) => {
      connection.reset();
    });
    await service.stop();
  });
});

describe('more requests than the event loop takes in while the service drains', () => {
  it('are refused on connections that are then closed', async () => {
    const service = await startService({ MAX_EVENT_LOOP_DELAY_MS: '10', SHUTDOWN_DELAY_MS: '5000' });
    const predictions = await openAccepted(service.port, 600);
    service.process.signal('SIGTERM');
    await service.process.line(({ msg }) => msg === 'draining');
    service.process.signal('SIGSTOP');
    const batch = rawPost('/predict/batch', { customers: Array(100).fill(LOW_RISK_CUSTOMER) });
    await Promise.all(predictions.map((connection) => connection.send(batch)));
    service.process.signal('SIGCONT');
    const answers = await Promise.all(predictions.map((connection) => connection.untilClosed()));
    const refused = answers.filter((answer) => answer.includes('"code":"overloaded"'));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((answer) => !/HTTP\/1\.1 503 [^]*Connection: close/.test(answer))).toEqual([]);
    expect(await service.process.exit()).toBe(0);
  });
});

describe('more connections than MAX_CONNECTIONS', () => {
  it('refuse predictions and close, answer probes, and serve again when there is room', async () => {
    const service = await startService({ MAX_CONNECTIONS: '10' });
    const held = await openAccepted(service.port, 10);
    const beyond = await RawConnection.open(service.port);
    await beyond.send(rawPost('/predict', LOW_RISK_CUSTOMER));
    expect(await beyond.untilClosed()).toMatch(
      /^HTTP\/1\.1 503 [^]*Connection: close[^]*"code":"overloaded"/,
    );
    expect(await probe(service.port, '/health/live')).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close/);
    expect(await probe(service.port, '/health/ready')).toMatch(
      /^HTTP\/1\.1 503 [^]*"connections":{"reason":"all_in_use","status":"down"}/,
    );
    await held[0]?.send(rawPost('/predict', LOW_RISK_CUSTOMER));
    await held[0]?.until(/"risk_tier":"LOW"/);

    held.forEach((connection) => {
      connection.reset();
    });
    let answer = '';
    while (!answer.startsWith('HTTP/1.1 200')) {
      const next = await RawConnection.open(service.port);
      await next.send(rawPost('/predict', LOW_RISK_CUSTOMER, { Connection: 'close' }));
      answer = await next.untilClosed();
    }
    await service.stop();
  });

  it.each([1, 2])('are refused so that a page can read why, with WORKERS=%s', async (workers) => {
    const service = await startService({
      MAX_CONNECTIONS: '10',
      WORKERS: String(workers),
      CORS_ORIGINS: 'https://crm.example',
    });
    if (workers > 1) {
      await service.process.line(({ msg }) => msg === 'all workers are ready');
    }
    // Workers take connections as they have time: with so many, none has a place left.
    await Promise.all(Array.from({ length: 50 * workers }, () => RawConnection.open(service.port)));
    await expect
      .poll(async () => (await Scrape.of(service.url)).sum('http_connections'))
      .toBeGreaterThanOrEqual(50 * workers);
    const page = { Origin: 'https://crm.example', 'X-Request-Id': 'my-request' };
    const refused = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, page);
    expectProblem(refused, 503, 'overloaded');
    expect(refused.body).toMatchObject({ instance: '/predict', request_id: 'my-request' });
    expect(refused.requestId).toBe('my-request');
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe('https://crm.example');
    expect(refused.headers.get('Access-Control-Expose-Headers')).toContain('X-Request-Id');
    expect(refused.headers.get('X-Content-Type-Options')).toBe('nosniff');

    const other = await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, { Origin: 'https://evil.example' });
    expectProblem(other, 503, 'overloaded');
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
    await service.stop();
  });

  it('answer probes that ask with a whole URL, too', async () => {
    const service = await startService({ MAX_CONNECTIONS: '10' });
    await openAccepted(service.port, 10);
    expect(await probe(service.port, 'http://localhost/health/live')).toMatch(/^HTTP\/1\.1 200 /);
    await service.stop();
  });

  it('are closed unanswered far beyond it, which is logged once', async () => {
    const service = await startService({ MAX_CONNECTIONS: '10' });
    await openAccepted(service.port, 10);
    const beyond = await Promise.all(Array.from({ length: 110 }, () => RawConnection.open(service.port)));
    const closed = await Promise.race(beyond.map((connection) => connection.untilClosed()));
    expect(closed).toBe('');
    await service.process.line(({ msg }) => msg.startsWith('connections are closed unanswered'));
    await service.stop();
  });

  it.each([1, 2])('leave room for probes, however many they are, with WORKERS=%s', async (workers) => {
    const service = await startService({ MAX_CONNECTIONS: '10', WORKERS: String(workers) });
    if (workers > 1) {
      await service.process.line(({ msg }) => msg === 'all workers are ready');
    }
    const idle = await Promise.all(
      Array.from({ length: 300 * workers }, () => RawConnection.open(service.port)),
    );
    for (let round = 0; round < 10; round++) {
      expect(await probe(service.port, '/health/live')).toMatch(/^HTTP\/1\.1 200 /);
    }
    expect(await probe(service.port, '/health/ready')).toMatch(/^HTTP\/1\.1 503 /);
    await closedCount(idle, 190 * workers);
    await service.process.lineCount(
      ({ msg }) => msg.startsWith('connections are closed unanswered'),
      workers,
    );

    idle.forEach((connection) => {
      connection.reset();
    });
    await expect
      .poll(
        async () => (await post(`${service.url}/predict`, LOW_RISK_CUSTOMER, { Connection: 'close' })).status,
      )
      .toBe(200);
    expect(await service.stop()).toBe(0);
  });
});

describe('slow clients', () => {
  it('are told 408 and closed, and do not keep others from being served', async () => {
    const service = await startService({ RECEIVE_TIMEOUT_MS: '1000' });
    const halfOpen = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const connection = await RawConnection.open(service.port);
        await connection.send('POST /predict HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
        return connection;
      }),
    );
    let openCount = halfOpen.length;
    const closed = halfOpen.map(async (connection) => {
      const answer = await connection.untilClosed();
      openCount--;
      return answer;
    });
    const statuses = new Set<number>();
    while (openCount > 0) {
      statuses.add((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status);
    }
    expect([...statuses]).toEqual([200]);
    expect(new Set((await Promise.all(closed)).map((answer) => answer.split('\r\n')[0]))).toEqual(
      new Set(['HTTP/1.1 408 Request Timeout']),
    );
    await service.stop();
  });

  it.each([
    ['whose body stops half-way', { 'Content-Length': '1000' }],
    ['whose chunked body has no end', { 'Transfer-Encoding': 'chunked' }],
  ])('%s are told 408 and closed, with one log line', async (_, headers: Record<string, string>) => {
    const service = await startService({ RECEIVE_TIMEOUT_MS: '1000' });
    const connection = await RawConnection.open(service.port);
    const head = Object.entries({ Host: 'a', 'X-Request-Id': 'slow', ...headers }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    await connection.send(`POST /predict HTTP/1.1\r\n${head.join('')}\r\n5\r\n{"ten\r\n`);
    expect(await connection.untilClosed()).toMatch(
      /^HTTP\/1\.1 408 [^]*Connection: close[^]*"detail":"The rest of the body did not arrive in time/,
    );
    expect(await service.process.requestLine('slow')).toMatchObject({ status: 408, code: 'request_timeout' });
    await service.stop();
    expect(service.process.lines.filter(({ request_id }) => request_id === 'slow')).toHaveLength(1);
  });
});

/** The answer to a GET on a connection of its own. */
async function probe(port: number, path: string): Promise<string> {
  const connection = await RawConnection.open(port);
  await connection.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return connection.untilClosed();
}

/** Resolves when so many of the connections are closed. */
async function closedCount(connections: readonly RawConnection[], count: number): Promise<void> {
  let closed = 0;
  await new Promise<void>((resolve) => {
    for (const connection of connections) {
      void connection.untilClosed().then(() => {
        closed++;
        if (closed === count) {
          resolve();
        }
      });
    }
  });
}

/** Connections that the server has accepted. */
async function openAccepted(port: number, count: number): Promise<RawConnection[]> {
  const connections = await Promise.all(Array.from({ length: count }, () => RawConnection.open(port)));
  await Promise.all(
    connections.map(async (connection) => {
      await connection.send('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await connection.until(/"status":"ok"/);
    }),
  );
  return connections;
}
