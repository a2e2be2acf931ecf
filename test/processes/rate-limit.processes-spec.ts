import { afterEach, describe, expect, it } from 'vitest';
import type { OpenApiDocument } from '../docs/openapi.js';
import { APP_KEY, CRM_KEY, keyEntry } from '../support/api-keys.js';
import { type Answer, HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { ServiceProcess, type Service, startService } from '../support/service.js';

const API_KEYS = `${keyEntry('crm', CRM_KEY)},${keyEntry('app', APP_KEY)}`;
/** No test takes as long as the window. */
const LIMIT = { RATE_LIMIT_REQUESTS: '2', RATE_LIMIT_WINDOW_MS: '3600000' };

let service: Service;
afterEach(async () => {
  await service.stop();
});

async function predict(
  headers: Record<string, string> = {},
  body: unknown = HIGH_RISK_CUSTOMER,
): Promise<Answer> {
  return post(`${service.url}/predict`, body, headers);
}

async function statuses(headers: Record<string, string>, count: number): Promise<number[]> {
  const all: number[] = [];
  while (all.length < count) {
    all.push((await predict(headers)).status);
  }
  return all;
}

describe('a rate limit', () => {
  it('is off by default', async () => {
    service = await startService();
    const { headers } = await predict();
    expect([...headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });

  it('refuses what an address sends beyond it, before the body is read, and says when to try again', async () => {
    service = await startService(LIMIT);
    const first = await predict();
    expect(first.status).toBe(200);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'ratelimit-policy': '2;w=3600',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
      'ratelimit-reset': '3600',
    });
    const exposed = first.headers.get('Access-Control-Expose-Headers');
    expect(exposed).toContain(
      'Retry-After,RateLimit-Policy,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset',
    );
    // A bad request counts too.
    expect((await predict({}, {})).status).toBe(422);

    const refused = await predict({}, '{');
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(3500);
    expect(refused.body).toMatchObject({
      status: 429,
      code: 'rate_limited',
      title: 'Too many requests were sent',
      detail: `2 requests in 3600 s may be sent; try again in ${seconds} s.`,
    });
    expect(refused.headers.get('RateLimit-Remaining')).toBe('0');
    const line = await service.process.requestLine(refused.requestId);
    expect(line).toMatchObject({ level: 'warn', status: 429, code: 'rate_limited' });
  });

  it('ends with its window', async () => {
    service = await startService({ RATE_LIMIT_REQUESTS: '1', RATE_LIMIT_WINDOW_MS: '1000' });
    while ((await predict()).status === 200) {
      // Until one is refused: the window may have ended between two of them.
    }
    await expect.poll(async () => (await predict()).status, { timeout: 10_000 }).toBe(200);
  });

  it('holds for no probe and no open page', async () => {
    service = await startService({ ...LIMIT, RATE_LIMIT_REQUESTS: '1' });
    expect(await statuses({}, 2)).toEqual([200, 429]);
    for (const path of [
      '/health',
      '/health/live',
      '/health/ready',
      '/v2/health/ready',
      '/docs',
      '/docs-json',
    ]) {
      const { status, headers } = await request(service.url + path);
      expect([status, headers.get('RateLimit-Limit')]).toEqual([200, null]);
    }
  });

  it.each([
    ['with keys', API_KEYS],
    ['without keys', ''],
  ])('holds for the preflights of an address, apart from its requests, %s', async (_, keys) => {
    service = await startService({ ...LIMIT, API_KEYS: keys });
    const preflight = async (): Promise<Answer> =>
      request(`${service.url}/predict`, {
        method: 'OPTIONS',
        headers: { Origin: 'https://crm.example', 'Access-Control-Request-Method': 'POST' },
      });
    expect((await preflight()).status).toBe(204);
    expect((await preflight()).status).toBe(204);
    const refused = await preflight();
    expect([refused.status, refused.body['code']]).toEqual([429, 'rate_limited']);
    const headers = keys === '' ? {} : { 'X-API-Key': CRM_KEY };
    expect(await statuses(headers, 3)).toEqual([200, 200, 429]);
  });

  it('is that of each key, and bad keys count against the address', async () => {
    service = await startService({ ...LIMIT, API_KEYS });
    expect(await statuses({ 'X-API-Key': CRM_KEY }, 3)).toEqual([200, 200, 429]);
    expect(await statuses({ 'X-API-Key': 'cmk_guess' }, 1)).toEqual([401]);
    // One without a key, and one with two.
    expect(await statuses({}, 1)).toEqual([401]);
    const two = { Authorization: `Bearer ${CRM_KEY}`, 'X-API-Key': APP_KEY };
    expect(await statuses(two, 1)).toEqual([429]);
    expect(await statuses({ 'X-API-Key': 'cmk_guess' }, 1)).toEqual([429]);
    // Another's key has lost nothing by that.
    expect(await statuses({ Authorization: `Bearer ${APP_KEY}` }, 3)).toEqual([200, 200, 429]);
  });

  it('is described in the OpenAPI document', async () => {
    service = await startService(LIMIT);
    const document = (await request(`${service.url}/docs-json`)).body as unknown as OpenApiDocument;
    expect(document.paths['/predict']?.['post']?.responses).toHaveProperty('429');
    expect(document.paths['/predict']?.['post']).not.toHaveProperty('security');
    expect(document.paths['/health']?.['get']?.responses).not.toHaveProperty('429');
  });
});

describe('TRUST_PROXY', () => {
  const from = (addresses: string): Record<string, string> => ({ 'X-Forwarded-For': addresses });

  it('is empty by default, and then nobody can take another address', async () => {
    service = await startService(LIMIT);
    expect(await statuses(from('203.0.113.1'), 2)).toEqual([200, 200]);
    expect(await statuses(from('203.0.113.2'), 1)).toEqual([429]);
    expect(service.process.noise).toEqual([]);
  });

  it('believes the proxies that it names, and no one beyond them', async () => {
    service = await startService({ ...LIMIT, TRUST_PROXY: 'loopback,192.0.2.0/24' });
    expect(await statuses(from('203.0.113.1'), 3)).toEqual([200, 200, 429]);
    expect(await statuses(from('203.0.113.2, 192.0.2.7'), 3)).toEqual([200, 200, 429]);
    // The caller's own text is left of the address that the proxy saw.
    expect(await statuses(from('203.0.113.99, 203.0.113.2'), 1)).toEqual([429]);
    expect(await statuses(from('203.0.113.3'), 1)).toEqual([200]);
  });

  it('ignores the port of a forwarded address, for callers and for proxies', async () => {
    service = await startService({ ...LIMIT, TRUST_PROXY: 'loopback,192.0.2.0/24' });
    expect(await statuses(from('203.0.113.1:1234'), 2)).toEqual([200, 200]);
    expect(await statuses(from('203.0.113.1:1235'), 1)).toEqual([429]);
    expect(await statuses(from('203.0.113.1, 192.0.2.7:443'), 1)).toEqual([429]);
    expect(await statuses(from('203.0.113.2:1234'), 1)).toEqual([200]);
    expect(await statuses(from('[2001:db8::1]:443'), 2)).toEqual([200, 200]);
    expect(await statuses(from('2001:db8::2'), 1)).toEqual([429]);
    expect(await statuses(from('[2001:db8:1::1]'), 1)).toEqual([200]);
  });

  it('counts an invalid forwarded address for the proxy, and an IPv6 network as one address', async () => {
    service = await startService({ ...LIMIT, TRUST_PROXY: 'loopback' });
    expect(await statuses(from('unknown'), 2)).toEqual([200, 200]);
    expect(await statuses(from('garbage'), 1)).toEqual([429]);
    expect(await statuses(from('2001:db8:0:1::1'), 2)).toEqual([200, 200]);
    expect(await statuses(from('2001:db8:0:2::9'), 1)).toEqual([429]);
    expect(await statuses(from('2001:db8:1::1'), 1)).toEqual([200]);
  });

  it('ends the start if it is not valid', async () => {
    service = await startService();
    const process = ServiceProcess.spawn({ TRUST_PROXY: 'everyone' });
    expect(await process.exit()).toBe(1);
    expect(process.lines).toEqual([
      expect.objectContaining({
        msg: expect.stringMatching(/TRUST_PROXY must be .* but is "everyone"/) as string,
      }),
    ]);
  });
});
