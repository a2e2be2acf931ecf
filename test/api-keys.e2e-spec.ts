import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApiDocument } from './docs/openapi.js';
import { API_KEYS, APP_KEY, BEARER, CRM_KEY, keyEntry } from './support/api-keys.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { RawConnection } from './support/raw-connection.js';
import { type Service, startService } from './support/service.js';

describe('a service with API keys', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ API_KEYS, LOG_LEVEL: 'debug' });
  });
  afterAll(async () => {
    await service.stop();
  });

  it.each([
    ['Authorization', BEARER, 'crm'],
    ['X-API-Key', { 'X-API-Key': APP_KEY }, 'app'],
    ['both, with the same key', { ...BEARER, 'X-API-Key': CRM_KEY }, 'crm'],
  ])('predicts for a key in %s, and logs its name', async (_case, headers, name) => {
    const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, headers);
    expect(answer.status).toBe(200);
    const line = await service.process.requestLine(answer.requestId);
    expect(line).toMatchObject({ status: 200, route: '/predict', api_key: name, batch_size: 1 });
    const customers = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];
    expect((await post(`${service.url}/predict/batch`, { customers }, headers)).status).toBe(200);
  });

  it.each([
    ['no key', {}, undefined],
    ['another scheme', { Authorization: `Basic ${btoa(`crm:${CRM_KEY}`)}` }, undefined],
    ['a wrong key', { Authorization: 'Bearer cmk_wrong' }, 'invalid_token'],
    ['a wrong X-API-Key', { 'X-API-Key': 'cmk_wrong' }, 'invalid_token'],
    ['a part of a key', { 'X-API-Key': CRM_KEY.slice(0, -1) }, 'invalid_token'],
    ['the digest of a key', { 'X-API-Key': keyEntry('crm', CRM_KEY).slice(4) }, 'invalid_token'],
  ])('refuses %s, before it looks at the body', async (_case, headers, error) => {
    const paths = ['/predict', '/predict/batch', '/PREDICT/', '/nothing', '/health-not', '/model'];
    const answers = await Promise.all(
      paths.map(async (path) => ({ path, answer: await post(service.url + path, '{', headers) })),
    );
    for (const { path, answer } of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ code: 'unauthorized', status: 401, instance: path });
      const realm = 'Bearer realm="churn-model-api"';
      expect(answer.headers.get('WWW-Authenticate')).toBe(
        error === undefined ? realm : `${realm}, error="${error}"`,
      );
      const line = await service.process.requestLine(answer.requestId);
      expect(line).toMatchObject({ level: 'warn', status: 401, code: 'unauthorized', path });
      expect(line).not.toHaveProperty('api_key');
    }
  });

  it('refuses two keys', async () => {
    const headers = { ...BEARER, 'X-API-Key': APP_KEY };
    const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, headers);
    expect(answer.body).toMatchObject({ code: 'malformed_request', status: 400 });
  });

  it('refuses a caller without a key before the body is sent', async () => {
    const connection = await RawConnection.open(service.port);
    await connection.send('POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{');
    expect(await connection.until(/unauthorized/)).toMatch(/^HTTP\/1\.1 401 /);
    connection.reset();
  });

  it.each([
    '/health',
    '/health/live',
    '/health/ready',
    '/v2/health/live',
    '/v2/health/ready',
    '/Health/',
    '/docs',
    '/docs-json',
    '/redoc',
    '/what-if',
  ])('needs no key for %s', async (path) => {
    expect((await request(service.url + path)).status).toBe(200);
  });

  it('lets a page ask by CORS whether it may send a key, and read why it was refused', async () => {
    const preflight = await request(`${service.url}/predict`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://crm.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const refused = await post(`${service.url}/predict`, {}, { Origin: 'https://crm.example' });
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(refused.headers.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate');
  });

  it('describes in its OpenAPI document where a key is needed, and how', async () => {
    const document = (await request(`${service.url}/docs-json`)).body as unknown as OpenApiDocument;
    expect(document.components.securitySchemes).toMatchObject({
      bearer: { type: 'http', scheme: 'bearer' },
      apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    });
    const predict = document.paths['/predict']?.['post'];
    expect(predict?.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
    expect(predict?.responses).toHaveProperty('401');
    const health = document.paths['/health']?.['get'];
    expect(health).not.toHaveProperty('security');
    expect(health?.responses).not.toHaveProperty('401');
  });
});

describe('DOCS_ACCESS', () => {
  const PATHS = [
    '/',
    '/docs',
    '/docs/swagger-ui.css',
    '/docs-json',
    '/docs-yaml',
    '/redoc',
    '/redoc/init.js',
    '/what-if',
    '/what-if/page.js',
    '/what-if/page.css',
  ];

  it('=key wants a key for every page and file of the docs, which may be a password', async () => {
    const service = await startService({ API_KEYS, DOCS_ACCESS: 'key' });
    for (const path of PATHS) {
      const refused = await request(service.url + path);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('WWW-Authenticate')).toBe(
        'Basic realm="churn-model-api", Bearer realm="churn-model-api"',
      );
      const basic = { Authorization: `Basic ${btoa(`anyone:${CRM_KEY}`)}` };
      for (const headers of [BEARER, basic]) {
        expect((await request(service.url + path, { headers })).status).toBe(path === '/' ? 302 : 200);
      }
    }
    await service.stop();
  });

  it('=off has no docs, with or without keys', async () => {
    const service = await startService({ DOCS_ACCESS: 'off' });
    for (const path of PATHS) {
      const { body } = await request(service.url + path);
      expect(body).toMatchObject({ code: 'not_found', detail: `Nothing is served at ${path}.` });
    }
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await service.stop();
  });
});
