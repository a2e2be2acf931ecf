import { afterEach, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post, request } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { type Service, startService } from './support/service.js';

let service: Service;
afterEach(async () => {
  await service.stop();
});

function preflight(origin: string, path = '/predict'): ReturnType<typeof request> {
  return request(service.url + path, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
}

describe('CORS', () => {
  it('lets pages of all origins call by default, and read the request id', async () => {
    service = await startService();
    const { status, headers } = await preflight('https://dashboard.example');
    expect(status).toBe(204);
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(headers.get('Access-Control-Allow-Headers')).toBe(
      'Authorization,X-API-Key,Content-Type,X-Request-Id,X-Request-Timeout-Ms,Inference-Header-Content-Length,traceparent,tracestate',
    );
    expect(headers.get('Access-Control-Allow-Methods')).toBe('GET,HEAD,POST');

    const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, {
      Origin: 'https://dashboard.example',
    });
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Expose-Headers')).toBe('X-Request-Id,Retry-After');
  });

  it('lets pages of the listed origins call, and no others', async () => {
    service = await startService({ CORS_ORIGINS: 'https://crm.example,https://dashboard.example' });
    const listed = await preflight('https://dashboard.example');
    expect(listed.headers.get('Access-Control-Allow-Origin')).toBe('https://dashboard.example');
    expect(listed.headers.get('Vary')).toContain('Origin');
    const other = await preflight('https://evil.example');
    expect(other.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('lets no page of another origin call with CORS_ORIGINS=none', async () => {
    service = await startService({ CORS_ORIGINS: 'none' });
    const answers = [
      await preflight('https://crm.example'),
      await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Origin: 'https://crm.example' }),
    ];
    for (const { headers } of answers) {
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    }
  });

  it('answers preflights of served paths, and counts and logs each once', async () => {
    service = await startService({ DOCS_ACCESS: 'off' });
    for (const path of ['/predict', '/predict/batch', '/model', '/health/ready', '/PREDICT/']) {
      expect((await preflight('https://crm.example', path)).status, path).toBe(204);
    }
    const unknown = ['/nothing', '/predict/one', '/docs', '/%FF', '/'];
    for (const path of unknown) {
      const { status, headers, body } = await preflight('https://crm.example', path);
      expect([status, body['code']], path).toEqual([404, 'not_found']);
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    }
    const scrape = await Scrape.of(service.url);
    const counted = (status: string): number =>
      scrape.sum('http_request_duration_seconds_count', { method: 'OPTIONS', route: 'none', status });
    expect([counted('204'), counted('404')]).toEqual([5, unknown.length]);
    await service.stop();
    const lines = service.process.lines.filter(({ method }) => method === 'OPTIONS');
    expect(lines.map(({ status }) => status)).toEqual([
      ...Array<number>(5).fill(204),
      ...unknown.map(() => 404),
    ]);
  });

  it('holds for errors too, so that a page can read why it was refused', async () => {
    service = await startService({ CORS_ORIGINS: 'https://crm.example' });
    const answer = await post(`${service.url}/predict`, '{', { Origin: 'https://crm.example' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('https://crm.example');
  });
});
