import { afterEach, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post, request } from './support/http.js';
import { type Service, startService } from './support/service.js';

let service: Service;
afterEach(async () => {
  await service.stop();
});

function preflight(origin: string): ReturnType<typeof request> {
  return request(`${service.url}/predict`, {
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
      'Authorization,X-API-Key,Content-Type,X-Request-Id,X-Request-Timeout-Ms,traceparent,tracestate',
    );
    expect(headers.get('Access-Control-Allow-Methods')).toBe('GET,HEAD,POST');

    const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, {
      Origin: 'https://dashboard.example',
    });
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Expose-Headers')).toBe('X-Request-Id');
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

  it('holds for errors too, so that a page can read why it was refused', async () => {
    service = await startService({ CORS_ORIGINS: 'https://crm.example' });
    const answer = await post(`${service.url}/predict`, '{', { Origin: 'https://crm.example' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('https://crm.example');
  });
});
