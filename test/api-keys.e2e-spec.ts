import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApiDocument } from './docs/openapi.js';
import { APP_KEY, CRM_KEY, keyEntry, writeKeysFile } from './support/api-keys.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { RawConnection } from './support/raw-connection.js';
import { type Service, ServiceProcess, startService } from './support/service.js';

const API_KEYS = `${keyEntry('crm', CRM_KEY)}, ${keyEntry('app', APP_KEY)}`;
const BEARER = { Authorization: `Bearer ${CRM_KEY}` };

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
    for (const path of ['/predict', '/predict/batch', '/PREDICT/', '/nothing', '/health-not', '/model']) {
      const answer = await post(service.url + path, '{', headers);
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

describe('a service without API keys', () => {
  it('warns in production that anyone may call, and nowhere else', async () => {
    const production = await startService({ NODE_ENV: 'production', WORKERS: '2' });
    await production.process.line(({ msg }) => msg === 'all workers are ready');
    const warnings = production.process.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ msg }) => msg)).toEqual([expect.stringMatching(/^No API keys are set/)]);
    expect((await post(`${production.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await production.stop();

    const withKeys = await startService({ NODE_ENV: 'production', API_KEYS });
    const development = await startService({});
    await Promise.all([withKeys.stop(), development.stop()]);
    expect([withKeys, development].flatMap(({ process }) => process.lines)).not.toContainEqual(
      expect.objectContaining({ level: 'warn' }),
    );
  });
});

describe('API_KEYS_FILE', () => {
  it('may have comments, empty lines and the line ends of Windows', async () => {
    const file = writeKeysFile(`# callers\r\n\r\n${keyEntry('crm', CRM_KEY)}\r\n  # the end`);
    const service = await startService({ API_KEYS_FILE: file });
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, BEARER)).status).toBe(200);
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(401);
    await service.stop();
  });

  it.each([
    [
      'a line that is not an entry',
      `# crm\n\ncmk_secret`,
      /^API_KEYS_FILE \S+, line 3: it must be name:digest/,
    ],
    [
      'a name that is there twice',
      `${keyEntry('crm', 'cmk_secret')}\n${keyEntry('crm', 'b')}`,
      /^API_KEYS_FILE \S+, line 2: it has the name or the key of line 1/,
    ],
    ['no key', '# none\n', /^API_KEYS_FILE \S+ has no key/],
  ])('with %s ends the start with one line that has no secret', async (_case, text, message) => {
    const process = ServiceProcess.spawn({ API_KEYS_FILE: writeKeysFile(text) });
    expect(await process.exit()).toBe(1);
    expect(process.lines).toEqual([
      expect.objectContaining({ level: 'fatal', msg: expect.stringMatching(message) as string }),
    ]);
    expect(process.output()).not.toMatch(/secret|[0-9a-f]{64}/);
    expect(process.noise).toEqual([]);
  });

  it.each([
    [
      { API_KEYS_FILE: '/no/keys' },
      "API_KEYS_FILE cannot be read: ENOENT: no such file or directory, open '/no/keys'",
    ],
    [
      { API_KEYS_FILE: '/no/keys', API_KEYS },
      'API_KEYS_FILE and API_KEYS are both set. Set only one of them.',
    ],
    [
      { API_KEYS: `${keyEntry('crm', CRM_KEY)},cmk_secret` },
      'API_KEYS, item 2: it must be name:digest; npm run api-key makes it.',
    ],
    [
      { DOCS_ACCESS: 'key' },
      'DOCS_ACCESS is key, but there are no API keys. Set API_KEYS_FILE or API_KEYS, or DOCS_ACCESS to open or off.',
    ],
    [
      { METRICS_ACCESS: 'key' },
      'METRICS_ACCESS is key, but there are no API keys. Set API_KEYS_FILE or API_KEYS, or METRICS_ACCESS to open or off.',
    ],
  ])('or API_KEYS is refused in one line: $1', async (environment, msg) => {
    for (const WORKERS of ['1', '2']) {
      const process = ServiceProcess.spawn({ ...environment, WORKERS });
      expect(await process.exit()).toBe(1);
      expect(process.lines).toEqual([expect.objectContaining({ level: 'fatal', msg })]);
    }
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

describe('npm run api-key', () => {
  const make = (...names: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ['scripts/api-key.js', ...names]);

  it('makes a key and its line, with which the service starts', async () => {
    const { stdout, stderr } = await make('crm');
    expect(stdout).toMatch(/^crm:[0-9a-f]{64}\n$/);
    const key = /^cmk_[\w-]{43}$/m.exec(stderr)?.[0] ?? '';
    const service = await startService({ API_KEYS_FILE: writeKeysFile(stdout) });
    const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { 'X-API-Key': key });
    expect(answer.status).toBe(200);
    await service.stop();
  });

  it('makes another key each time', async () => {
    expect((await make('crm')).stdout).not.toBe((await make('crm')).stdout);
  });

  it.each([[[]], [['a', 'b']], [['a b']], [['a:b']], [['x'.repeat(65)]]])('refuses %j', async (names) => {
    await expect(make(...names)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Usage: npm run api-key -- NAME/) as string,
    });
  });
});
