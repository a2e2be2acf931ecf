import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from './support/http.js';
import { type Service, startService } from './support/service.js';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

const UPTIME = expect.any(Number) as number;

describe('health', () => {
  it('tells people that the service predicts, with which model, since when', async () => {
    const { status, body } = await request(`${service.url}/health`);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'healthy',
      model_loaded: true,
      model_version: '1.0.0',
      uptime_seconds: UPTIME,
    });
  });

  it('tells the liveness probe that the process answers, in the format of Terminus', async () => {
    const { status, body } = await request(`${service.url}/health/live`);
    const details = { process: { status: 'up', uptime_seconds: UPTIME }, inference: { status: 'up' } };
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ok', info: details, error: {}, details });
  });

  it('tells the readiness probe that the model is proven, in the format of Terminus', async () => {
    const { status, body } = await request(`${service.url}/health/ready`);
    const details = { model: { status: 'up', version: '1.0.0', verified: true } };
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ok', info: details, error: {}, details });
  });

  it('is never cached', async () => {
    const { headers } = await request(`${service.url}/health/ready`);
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('counts the uptime up', async () => {
    const first = await request(`${service.url}/health`);
    expect(first.body['uptime_seconds']).toBeGreaterThan(0);
    expect(first.body['uptime_seconds']).toBeLessThan(600);
  });
});
