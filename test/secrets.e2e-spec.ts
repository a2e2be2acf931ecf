import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_KEY, CRM_KEY, keyEntry } from './support/api-keys.js';
import { fixtureManifest, goldenRows, readFixture, writeBundle } from './support/bundle.js';
import { HIGH_RISK_CUSTOMER, post, request } from './support/http.js';
import { RawConnection } from './support/raw-connection.js';
import { type Service, startService } from './support/service.js';

const WRONG_KEY = 'cmk_wrong-but-close-to-a-key';
const KEYS = [CRM_KEY, APP_KEY, WRONG_KEY];
const API_KEYS = `${keyEntry('crm', CRM_KEY)},${keyEntry('app', APP_KEY)}`;

function basic(key: string): string {
  return btoa(`anyone:${key}`);
}

const CUSTOMER_WITHOUT_ANSWER = { ...HIGH_RISK_CUSTOMER, tenure_months: 13 };

/** A model that has no valid probability for that customer. */
function modelThatFails(): Record<string, string> {
  const model = readFixture('nan_at_tenure_13');
  const golden_rows = goldenRows(undefined, { withoutTenures: [13, 14] });
  const manifest = fixtureManifest(model, { golden_rows });
  return { MODEL_PATH: writeBundle({ model, manifest }) };
}

describe('the log', () => {
  it('has no key at the level trace, right or wrong, wherever it was sent', async () => {
    const service = await startService({
      API_KEYS,
      LOG_LEVEL: 'trace',
      DOCS_ACCESS: 'key',
      ...modelThatFails(),
    });
    const { url } = service;
    const answers = [];
    for (const key of KEYS) {
      for (const headers of [
        { 'X-API-Key': key },
        { Authorization: `Bearer ${key}` },
        { Authorization: key },
        { Authorization: `Basic ${basic(key)}` },
        { Authorization: `Bearer ${key}`, 'X-API-Key': `${key}-other` },
        { Authorization: `Bearer ${CRM_KEY}`, 'Content-Type': `text/${key}` },
        { Authorization: `Bearer ${CRM_KEY}`, 'Content-Encoding': key },
      ]) {
        answers.push(await post(`${url}/predict`, HIGH_RISK_CUSTOMER, headers));
        // The model fails for this customer, and the log has every detail.
        answers.push(await post(`${url}/predict`, CUSTOMER_WITHOUT_ANSWER, headers));
        answers.push(await request(`${url}/docs-json`, { headers }));
      }
      const caller = { 'X-API-Key': CRM_KEY };
      for (const body of [
        { ...HIGH_RISK_CUSTOMER, api_key: key },
        { ...HIGH_RISK_CUSTOMER, tenure_months: key },
        key,
        `{"${key}":`,
      ]) {
        answers.push(await post(`${url}/predict`, body, caller));
      }
      answers.push(await post(`${url}/predict?api_key=${key}`, HIGH_RISK_CUSTOMER, caller));
      answers.push(await post(`${url}/predict?api_key=${key}`, HIGH_RISK_CUSTOMER));
      answers.push(await request(`${url}/nothing?api_key=${key}`, { headers: caller }));
      const connection = await RawConnection.open(service.port);
      await connection.send(`X-API-Key ${key}\r\n\r\n`);
      await connection.untilClosed();
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([200, 400, 401, 404, 415, 422, 500]),
    );
    expect(await service.stop()).toBe(0);
    const output = service.process.output();
    expect(output).toContain('"api_key":"crm"');
    for (const key of KEYS) {
      expect(output).not.toContain(key);
      expect(output).not.toContain(basic(key));
      expect(output).not.toContain(keyEntry('', key).slice(1));
    }
  });
});

describe('an error', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ API_KEYS, BODY_LIMIT_BYTES: '1024', LOG_LEVEL: 'trace' });
  });
  afterAll(async () => {
    await service.stop();
  });

  const WITH_KEY = { 'X-API-Key': CRM_KEY };
  const JSON_BODY = { method: 'POST', headers: { ...WITH_KEY, 'Content-Type': 'application/json' } };

  it.each<[number, string, RequestInit]>([
    [400, '/predict', { ...JSON_BODY, body: '{' }],
    [400, '/predict', { ...JSON_BODY, body: '['.repeat(40) + ']'.repeat(40) }],
    [
      400,
      '/predict',
      { ...JSON_BODY, headers: { ...JSON_BODY.headers, 'Content-Encoding': 'gzip' }, body: 'x' },
    ],
    [401, '/predict', { method: 'POST' }],
    [401, '/predict', { method: 'POST', headers: { 'X-API-Key': WRONG_KEY } }],
    [404, '/nothing', { headers: WITH_KEY }],
    [404, '/docs/..%2fpackage.json', {}],
    [404, '/docs/package.json', {}],
    [404, '/redoc/%FF', {}],
    [405, '/predict', { headers: WITH_KEY }],
    [412, '/docs/swagger-ui.css', { headers: { 'If-Match': '"x"' } }],
    [413, '/predict', { ...JSON_BODY, body: 'x'.repeat(2000) }],
    [
      415,
      '/predict',
      { ...JSON_BODY, headers: { ...JSON_BODY.headers, 'Content-Type': 'text/plain' }, body: 'x' },
    ],
    [416, '/docs/swagger-ui.css', { headers: { Range: 'bytes=99999999-' } }],
    [422, '/predict', { ...JSON_BODY, body: '{}' }],
  ])('with status %i at %s tells nothing of how the service is built', async (status, path, init) => {
    const response = await fetch(service.url + path, init);
    expect(response.status).toBe(status);
    expectNothingInternal(await response.text());
  });

  it('of the model tells nothing either', async () => {
    const broken = await startService(modelThatFails());
    const response = await fetch(`${broken.url}/predict`, {
      method: 'POST',
      body: JSON.stringify(CUSTOMER_WITHOUT_ANSWER),
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).toBe(500);
    expectNothingInternal(await response.text());
    await broken.stop();
  });

  it.each(['no HTTP\r\n\r\n', `GET / HTTP/1.1\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`])(
    'for input that is not a request tells nothing either: %.7s',
    async (text) => {
      const connection = await RawConnection.open(service.port);
      await connection.send(text);
      expectNothingInternal(await connection.untilClosed());
    },
  );
});

/** Neither a stack nor a path of a file. */
function expectNothingInternal(text: string): void {
  expect(text).toContain('"code":');
  expect(text).not.toMatch(/\n\s*at |\\n\s*at |stack|node_modules|bundle|node:|\.[cm]?[jt]s\b/);
  expect(text).not.toContain(join(import.meta.dirname, '..'));
}
