import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApiDocument } from './docs/openapi.js';
import { type Answer, HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { RawConnection, rawPost } from './support/raw-connection.js';
import { type Service, startService, TAKES_BURSTS } from './support/service.js';

const BODY_LIMIT_BYTES = 65_536;

let service: Service;
let document: OpenApiDocument;
beforeAll(async () => {
  service = await startService({ ...TAKES_BURSTS, BODY_LIMIT_BYTES: String(BODY_LIMIT_BYTES) });
  document = (await (await fetch(`${service.url}/docs-json`)).json()) as OpenApiDocument;
});
afterAll(async () => {
  await service.stop();
  // Counted when nothing more can be written.
  const ids = service.process.lines.flatMap(({ request_id }) => request_id ?? []);
  expect(ids).toHaveLength(new Set(ids).size);
});

/** The problem lacks no field, is documented, and stands in the request's log line with its status and code. */
async function expectProblem(answer: Answer, status: number, code: string): Promise<void> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toMatchObject({
    type: `urn:churn-model-api:problem:${code}`,
    title: expect.stringMatching(/./) as string,
    status,
    detail: expect.stringMatching(/./) as string,
    instance: expect.stringMatching(/^\//) as string,
    code,
    request_id: answer.requestId,
  });
  expect(await service.process.requestLine(answer.requestId)).toMatchObject({ status, code, level: 'warn' });
  const operation = document.paths[String(answer.body['instance'])]?.['post'];
  if (operation !== undefined && status !== 405) {
    expect(operation.responses).toHaveProperty(String(status));
  }
}

function errorsOf({ body }: Answer): unknown {
  return (body['errors'] as { pointer: string; code: string }[]).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
}

async function predict(body: unknown, headers?: Record<string, string>): Promise<Answer> {
  return post(`${service.url}/predict`, body, headers);
}

async function predictBatch(body: unknown): Promise<Answer> {
  return post(`${service.url}/predict/batch`, body);
}

/** The customer as JSON text with one value replaced by this text. */
function customerWith(field: string, text: string): string {
  return JSON.stringify({ ...HIGH_RISK_CUSTOMER, [field]: '@' }).replace('"@"', text);
}

// Tests run at once where each waits for a line of the log: that takes up to 0.1 s.
describe.concurrent('a field of a customer', () => {
  it.each([
    ['tenure_months', '"6"', 'not_an_integer'],
    ['tenure_months', 'true', 'not_an_integer'],
    ['tenure_months', 'null', 'not_an_integer'],
    ['tenure_months', '[6]', 'not_an_integer'],
    ['tenure_months', '{"value":6}', 'not_an_integer'],
    ['tenure_months', '6.5', 'not_an_integer'],
    ['tenure_months', '1e400', 'not_an_integer'],
    ['tenure_months', '-1', 'too_small'],
    ['tenure_months', '121', 'too_large'],
    ['tenure_months', '999', 'too_large'],
    ['monthly_charges', '"79.99"', 'not_a_number'],
    ['monthly_charges', 'false', 'not_a_number'],
    ['monthly_charges', '""', 'not_a_number'],
    ['monthly_charges', '[]', 'not_a_number'],
    ['monthly_charges', '-0.01', 'too_small'],
    ['monthly_charges', '500.01', 'too_large'],
    ['monthly_charges', '1e400', 'not_a_number'],
    ['total_charges', '-1', 'too_small'],
    ['total_charges', '1e39', 'too_large'],
    ['total_charges', '3.4028235677973366e38', 'too_large'],
    ['total_charges', '-1e400', 'not_a_number'],
    ['num_products', '0', 'too_small'],
    ['num_products', '11', 'too_large'],
    ['num_products', '1.5', 'not_an_integer'],
    ['has_support_calls', '2', 'too_large'],
    ['has_support_calls', '-1', 'too_small'],
    ['has_support_calls', 'true', 'not_an_integer'],
  ])('is refused as %s: %s (%s)', async (field, text, code) => {
    const answer = await predict(customerWith(field, text));
    await expectProblem(answer, 422, 'validation_failed');
    expect(errorsOf(answer)).toEqual([`/${field} ${code}`]);
  });

  it('is told what it must be and what it was', async () => {
    const { body } = await predict(customerWith('tenure_months', '999'));
    expect(body['errors']).toEqual([
      {
        pointer: '/tenure_months',
        code: 'too_large',
        detail: 'tenure_months must be an integer from 0 to 120, but is 999.',
      },
    ]);
  });

  it('is named with all other missing or wrong fields', async () => {
    const answer = await predict({ tenure_months: '6', num_products: 6.5, has_support_calls: 1 });
    await expectProblem(answer, 422, 'validation_failed');
    expect(errorsOf(answer)).toEqual([
      '/tenure_months not_an_integer',
      '/monthly_charges missing',
      '/total_charges missing',
      '/num_products not_an_integer',
    ]);
  });

  it('cannot be smuggled in by a prototype', async () => {
    const answer = await predict(`{"__proto__":${JSON.stringify(HIGH_RISK_CUSTOMER)}}`);
    await expectProblem(answer, 422, 'validation_failed');
    expect(errorsOf(answer)).toHaveLength(5);
  });
});

describe.concurrent('a body that is not an object', () => {
  it.each(['[]', '[1]', '"text"', '6', 'null', 'true'])('is refused: %s', async (body) => {
    for (const answer of [await predict(body), await predictBatch(body)]) {
      await expectProblem(answer, 422, 'validation_failed');
      expect(errorsOf(answer)).toEqual([' not_an_object']);
    }
  });

  it('is refused if it is missing', async () => {
    await expectProblem(
      await request(`${service.url}/predict`, { method: 'POST' }),
      422,
      'validation_failed',
    );
    await expectProblem(await predict(''), 422, 'validation_failed');
  });
});

describe.concurrent('customers', () => {
  it.each([
    ['{}', '/customers missing'],
    ['{"customers":null}', '/customers not_an_array'],
    ['{"customers":{}}', '/customers not_an_array'],
    ['{"customers":"6"}', '/customers not_an_array'],
    ['{"customers":[]}', '/customers too_few_items'],
    [`{"customers":[${Array(101).fill('{}').join()}]}`, '/customers too_many_items'],
    ['{"customers":[6]}', '/customers/0 not_an_object'],
    ['{"customers":[null]}', '/customers/0 not_an_object'],
    ['{"customers":[[]]}', '/customers/0 not_an_object'],
    [`{"customers":[[${JSON.stringify(HIGH_RISK_CUSTOMER)}]]}`, '/customers/0 not_an_object'],
  ])('are refused: %.60s', async (body, error) => {
    const answer = await predictBatch(body);
    await expectProblem(answer, 422, 'validation_failed');
    expect(errorsOf(answer)).toEqual([error]);
  });

  it('are refused with every bad row and its index', async () => {
    const customers = [
      HIGH_RISK_CUSTOMER,
      { ...LOW_RISK_CUSTOMER, tenure_months: 999, num_products: 0 },
      'no customer',
      LOW_RISK_CUSTOMER,
      { ...LOW_RISK_CUSTOMER, total_charges: undefined },
    ];
    const answer = await predictBatch({ customers });
    await expectProblem(answer, 422, 'validation_failed');
    expect(errorsOf(answer)).toEqual([
      '/customers/1/tenure_months too_large',
      '/customers/1/num_products too_small',
      '/customers/2 not_an_object',
      '/customers/4/total_charges missing',
    ]);
  });
});

describe.concurrent('a body that cannot be read', () => {
  it.each(['{', '{"tenure_months":6,}', "{'tenure_months':6}", 'NaN', '{"a":Infinity}', '\u0000'])(
    'is refused if it is not JSON: %j',
    async (body) => {
      await expectProblem(await predict(body), 400, 'invalid_json');
    },
  );

  it('is refused if it is nested deeply, even in a field that is ignored', async () => {
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    const customer = JSON.stringify(HIGH_RISK_CUSTOMER).slice(1);
    await expectProblem(await predict(`{"ignored":${deep},${customer}`), 400, 'json_too_deep');
    await expectProblem(await predict(`{"tenure_months":${deep}}`), 400, 'json_too_deep');
    await expectProblem(await predictBatch(`{"customers":${deep}}`), 400, 'json_too_deep');
  });

  it('is refused over the limit, whether its length is stated or not, and by its inflated size', async () => {
    const tooLarge = JSON.stringify({ ...HIGH_RISK_CUSTOMER, note: 'x'.repeat(BODY_LIMIT_BYTES) });
    await expectProblem(await predict(tooLarge), 413, 'payload_too_large');
    const gzipped = await predict(gzipSync(tooLarge), { 'Content-Encoding': 'gzip' });
    await expectProblem(gzipped, 413, 'payload_too_large');
    const streamed = await request(`${service.url}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: new Blob([tooLarge]).stream(),
      duplex: 'half',
    });
    await expectProblem(streamed, 413, 'payload_too_large');
  });

  it('is refused over the limit before it is sent', async () => {
    const connection = await RawConnection.open(service.port);
    await connection.send('POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n{');
    expect(await connection.until(/payload_too_large/)).toMatch(/^HTTP\/1\.1 413 /);
    connection.reset();
  });

  it('is read up to the limit', async () => {
    const empty = JSON.stringify({ ...HIGH_RISK_CUSTOMER, note: '' });
    const note = 'x'.repeat(BODY_LIMIT_BYTES - empty.length);
    expect((await predict({ ...HIGH_RISK_CUSTOMER, note })).status).toBe(200);
  });

  it('is inflated', async () => {
    const gzipped = gzipSync(JSON.stringify(HIGH_RISK_CUSTOMER));
    expect((await predict(gzipped, { 'Content-Encoding': 'gzip' })).status).toBe(200);
  });

  it.each([
    ['Content-Type', 'text/plain'],
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['Content-Type', 'multipart/form-data; boundary=x'],
    ['Content-Type', 'application/jsonp'],
    ['Content-Type', 'application/json; charset=latin1'],
    ['Content-Encoding', 'compress'],
  ])('is refused with %s: %s', async (header, value) => {
    const answer = await predict(HIGH_RISK_CUSTOMER, { [header]: value });
    await expectProblem(answer, 415, 'unsupported_media_type');
  });

  it('is refused if it does not match its encoding', async () => {
    const answer = await predict('no gzip', { 'Content-Encoding': 'gzip' });
    await expectProblem(answer, 400, 'malformed_request');
  });
});

describe.concurrent('input that is not an HTTP request', () => {
  it.each([
    ['garbage', 'no HTTP\r\n\r\n', 400, 'malformed_request'],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed_request'],
    [
      'two lengths',
      'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
    ['no Host', 'GET /docs HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_request'],
    [
      'large headers',
      `GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('is refused and logged: %s', async (_case, text, status, code) => {
    const connection = await RawConnection.open(service.port);
    await connection.send(text);
    const [head = '', body = ''] = (await connection.untilClosed()).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    const requestId = /X-Request-Id: (.*)/.exec(head)?.[1] ?? '';
    expect(JSON.parse(body)).toMatchObject({ status, code, request_id: requestId });
    expect(await service.process.requestLine(requestId)).toMatchObject({ level: 'warn', status, code });
  });
});

describe('an unknown Expect header', () => {
  it('is ignored', async () => {
    const connection = await RawConnection.open(service.port);
    await connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { Expect: 'foo', Connection: 'close' }));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a file of the docs', () => {
  it.each([
    ['Range', 'bytes=99999999-', 416, 'range_not_satisfiable'],
    ['If-Match', '"x"', 412, 'precondition_failed'],
  ])('refuses %s: %s', async (header, value, status, code) => {
    const answer = await request(`${service.url}/docs/swagger-ui.css`, { headers: { [header]: value } });
    await expectProblem(answer, status, code);
    expect(await service.process.requestLine(answer.requestId)).toMatchObject({
      route: '/docs/swagger-ui.css',
    });
  });
});

describe('a path', () => {
  it('is not found by OPTIONS if it is unknown, and lists its methods if it is known', async () => {
    await expectProblem(await request(`${service.url}/nothing`, { method: 'OPTIONS' }), 404, 'not_found');
    const known = await request(`${service.url}/predict`, { method: 'OPTIONS' });
    expect(known.headers.get('Allow')).toBe('POST');
  });

  it.each(['/nothing', '/predict/one', '/predict/batch/2', '/docs/nothing.js', '/%FF', '/health/lively'])(
    'that is unknown is not found: %s',
    async (path) => {
      await expectProblem(await request(service.url + path), 404, 'not_found');
      await expectProblem(await post(service.url + path, {}), 404, 'not_found');
    },
  );

  it.each([
    ['/predict', 'GET', 'POST'],
    ['/predict', 'PUT', 'POST'],
    ['/predict', 'HEAD', 'POST'],
    ['/predict/batch', 'DELETE', 'POST'],
    ['/health', 'POST', 'GET, HEAD'],
    ['/health/live', 'PATCH', 'GET, HEAD'],
    ['/docs', 'POST', 'GET, HEAD'],
    ['/', 'POST', 'GET, HEAD'],
  ])('%s refuses the method %s', async (path, method, allowed) => {
    const answer = await request(service.url + path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('Allow')).toBe(allowed);
    if (method !== 'HEAD') {
      await expectProblem(answer, 405, 'method_not_allowed');
    }
  });
});
