import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { RawConnection } from './support/raw-connection.js';
import { type Service, startService, TAKES_BURSTS } from './support/service.js';

const BODY_LIMIT_BYTES = 65_536;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const CUSTOMER = JSON.stringify(HIGH_RISK_CUSTOMER);
const JSON_TYPE_KEPT = { ...JSON_TYPE, Connection: 'keep-alive' };
const CHUNKED = { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' };

type Bytes = string | Uint8Array;

/** A request that ends its connection, unless these headers say otherwise. */
function withHead(startLine: string, headers: Record<string, string>, body: Bytes = ''): Buffer {
  const all: Record<string, string> = { Host: 'localhost', Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${startLine}\r\n${lines.join('')}\r\n`, 'latin1'), Buffer.from(body)]);
}

function predict(body: Bytes, headers: Record<string, string> = JSON_TYPE): Buffer {
  const length = 'Transfer-Encoding' in headers ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return withHead('POST /predict HTTP/1.1', { ...length, ...headers }, body);
}

function customerWith(members: string): string {
  return `{${members},${CUSTOMER.slice(1)}`;
}

/** What is sent in each case of the table in docs/reliability.md. */
const CASES: Readonly<Record<string, Bytes>> = {
  'JSON nested 33 levels deep': predict(customerWith(`"a":${'['.repeat(32)}${']'.repeat(32)}`)),
  'more keys than BODY_LIMIT_BYTES hold': predict(
    customerWith(Array.from({ length: 8000 }, (_, index) => `"key${index}":1`).join(',')),
  ),
  'a string longer than BODY_LIMIT_BYTES': predict(customerWith(`"a":"${'x'.repeat(BODY_LIMIT_BYTES)}"`)),
  'a key twice': predict(customerWith('"tenure_months":999')),
  'a key `__proto__`': predict(customerWith('"__proto__":{"tenure_months":1}')),
  'a number that is too large for a double': predict(CUSTOMER.replace('479.94', '1e400')),
  'invalid UTF-8': predict(
    Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xc3, 0x28), Buffer.from(`",${CUSTOMER.slice(1)}`)]),
  ),
  'UTF-16 that says so': predict(Buffer.from(CUSTOMER, 'utf16le'), {
    'Content-Type': 'application/json; charset=utf-16',
  }),
  'UTF-16 that does not say so': predict(Buffer.from(CUSTOMER, 'utf16le')),
  'an unknown charset': predict(CUSTOMER, { 'Content-Type': 'application/json; charset=klingon' }),
  'a byte order mark': predict(`\ufeff${CUSTOMER}`),
  'a compressed body that inflates beyond BODY_LIMIT_BYTES': predict(
    gzipSync(customerWith(`"a":"${'x'.repeat(50 * BODY_LIMIT_BYTES)}"`)),
    { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
  ),
  'a chunked body beyond BODY_LIMIT_BYTES': predict(
    `${(2 * BODY_LIMIT_BYTES).toString(16)}\r\n${'x'.repeat(2 * BODY_LIMIT_BYTES)}\r\n0\r\n\r\n`,
    CHUNKED,
  ),
  'a chunked body without end': predict(`5\r\n{"ten\r\n`, CHUNKED),
  'a chunk whose size is not a number': predict('five\r\n{"ten\r\n0\r\n\r\n', CHUNKED),
  'a body that is shorter than its Content-Length': withHead(
    'POST /predict HTTP/1.1',
    { ...JSON_TYPE, 'Content-Length': '500' },
    CUSTOMER,
  ),
  'Content-Length and Transfer-Encoding': predict('0\r\n\r\n', { ...CHUNKED, 'Content-Length': '3' }),
  'two different Content-Lengths': `POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n{} `,
  'a negative Content-Length': withHead('POST /predict HTTP/1.1', { 'Content-Length': '-1' }),
  'an unknown Transfer-Encoding': predict('0\r\n\r\n', { 'Transfer-Encoding': 'cow' }),
  'an unknown coding before chunked': predict('0\r\n\r\n', { 'Transfer-Encoding': 'nonsense, chunked' }),
  'a space before a colon': 'GET /health/live HTTP/1.1\r\nHost : a\r\n\r\n',
  'a folded header': 'GET /health/live HTTP/1.1\r\nHost: a\r\nX-Folded: a\r\n b\r\n\r\n',
  'lines that end in a bare line feed': 'GET /health/live HTTP/1.1\nHost: a\nConnection: close\n\n',
  'HTTP/2 without negotiation': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a TLS handshake': Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03),
  'CONNECT, as to a proxy': withHead('CONNECT example.com:443 HTTP/1.1', {}),
  'TRACE, which would echo headers': withHead('TRACE / HTTP/1.1', {}),
  'no Host': 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n',
  'two Hosts': 'GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'HTTP/0.9': 'GET /health/live HTTP/0.9\r\nHost: a\r\n\r\n',
  'a whole URL instead of a path': withHead('GET http://localhost/health/live HTTP/1.1', {}),
  'headers beyond 16 KiB': withHead('GET /health/live HTTP/1.1', { 'X-Large': 'x'.repeat(17_000) }),
  'a path beyond 16 KiB': withHead(`GET /${'x'.repeat(17_000)} HTTP/1.1`, {}),
  'a path that climbs': withHead('GET /docs/../../etc/passwd HTTP/1.1', {}),
  'a path that climbs in disguise': withHead('GET /docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1', {}),
  'a path with a zero byte': withHead('GET /docs/%00 HTTP/1.1', {}),
  'a control character in a header': withHead('GET /health/live HTTP/1.1', { 'X-Request-Id': 'a\u0001b' }),
};

interface Row {
  readonly name: string;
  readonly status: number;
  readonly code: string | undefined;
}

/** The table's rows: what is sent, the status, the code of the problem if it is one. */
function documented(): Row[] {
  const document = readFileSync('docs/reliability.md', 'utf8').replaceAll(/ +/g, ' ');
  return Array.from(
    document.matchAll(/^\| ([^|]+) \| (\d{3}) (?:`(\w+)` )?\| [^|]*\|$/gm),
    ([, name = '', status, code]) => ({ name, status: Number(status), code }),
  );
}

let service: Service;
beforeAll(async () => {
  service = await startService({
    ...TAKES_BURSTS,
    BODY_LIMIT_BYTES: String(BODY_LIMIT_BYTES),
    RECEIVE_TIMEOUT_MS: '1000',
    LOG_LEVEL: 'debug',
  });
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
});

// At once: each waits for a line of the log, which takes up to 0.1 s.
describe.concurrent('the table of hostile input', () => {
  const rows = documented();

  it('has a row for each case', () => {
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(CASES));
  });

  it.each(rows)('says what becomes of $name: $status $code', async ({ name, status, code }) => {
    const connection = await RawConnection.open(service.port);
    await connection.send(CASES[name] ?? '');
    const answer = await connection.untilClosed();
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.match(/^HTTP\/1\.1 \d{3} /gm)).toHaveLength(1);
    if (code !== undefined) {
      expect(JSON.parse(body)).toMatchObject({ status, code });
    }
    const requestId = /X-Request-Id: (.*)/.exec(head)?.[1] ?? '';
    expect(await service.process.requestLine(requestId)).toMatchObject({ status, ...(code && { code }) });
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
  });
});

describe('JSON with a key twice', () => {
  it('is taken with the last, as by JSON.parse', async () => {
    const last = CUSTOMER.replace('"tenure_months":6', '"tenure_months":999,"tenure_months":6');
    const first = CUSTOMER.replace('"tenure_months":6', '"tenure_months":6,"tenure_months":999');
    const plain = await post(`${service.url}/predict`, CUSTOMER);
    expect((await post(`${service.url}/predict`, last)).body).toEqual(plain.body);
    expect((await post(`${service.url}/predict`, first)).status).toBe(422);
  });
});

describe('a request id', () => {
  it.each([
    ['with a tab', 'a\tb'],
    ['with a space', 'a b'],
    ['with markup', '<script>'],
    ['longer than 128 characters', 'x'.repeat(129)],
    ['that is empty', ''],
  ])('%s is replaced', async (_, id) => {
    const connection = await RawConnection.open(service.port);
    await connection.send(predict(CUSTOMER, { ...JSON_TYPE, 'X-Request-Id': id }));
    const answer = await connection.untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(/X-Request-Id: (.*)\r/.exec(answer)?.[1]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a whole URL instead of a path', () => {
  it.each([
    ['http://localhost/predict', '/predict', 405],
    ['HTTP://localhost:8000/nowhere?a=http://b', '/nowhere', 404],
  ])('%s means %s', async (target, path, status) => {
    const connection = await RawConnection.open(service.port);
    await connection.send(withHead(`GET ${target} HTTP/1.1`, {}));
    const [head, body = ''] = (await connection.untilClosed()).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(body)).toMatchObject({ instance: path });
  });
});

describe('a tunnel that is asked for and dropped', () => {
  it('leaves the service as it was', async () => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const connection = await RawConnection.open(service.port);
      await connection.send('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
      connection.reset();
    }
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
  });

  it('is closed, though its client keeps it open', async () => {
    const countBefore = await openConnections();
    const connection = await RawConnection.open(service.port);
    connection.stopReading();
    await connection.send('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
    await expect.poll(() => openConnections(), { timeout: 10_000 }).toBeLessThanOrEqual(countBefore);
    connection.reset();
  });
});

/** This one included. */
async function openConnections(): Promise<number> {
  return (await Scrape.of(service.url)).sum('http_connections');
}

describe('pipelined requests', () => {
  it('are answered in their order', async () => {
    const connection = await RawConnection.open(service.port);
    await connection.send(
      Buffer.concat([
        predict(CUSTOMER, JSON_TYPE_KEPT),
        predict('{', JSON_TYPE_KEPT),
        predict(JSON.stringify(LOW_RISK_CUSTOMER), { ...JSON_TYPE }),
      ]),
    );
    const answer = await connection.untilClosed();
    expect(answer.match(/"risk_tier":"HIGH"|invalid_json|"risk_tier":"LOW"/g)).toEqual([
      '"risk_tier":"HIGH"',
      'invalid_json',
      'invalid_json',
      '"risk_tier":"LOW"',
    ]);
  });

  it.each([
    ['garbage', '\0garbage\r\n\r\n'],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'],
  ])('are answered before what follows is refused: %s', async (_, rest) => {
    const connection = await RawConnection.open(service.port);
    await connection.send(Buffer.concat([predict(CUSTOMER, JSON_TYPE_KEPT), Buffer.from(rest)]));
    const answer = await connection.untilClosed();
    expect(answer.match(/HTTP\/1\.1 \d{3} /g)).toEqual(['HTTP/1.1 200 ', 'HTTP/1.1 400 ']);
    expect(answer).toContain('"risk_tier":"HIGH"');
    const [, requestId = ''] = Array.from(answer.matchAll(/X-Request-Id: (\S*)/g), ([, id]) => id);
    expect(await service.process.requestLine(requestId)).toMatchObject({
      status: 400,
      code: 'malformed_request',
    });
  });
});
