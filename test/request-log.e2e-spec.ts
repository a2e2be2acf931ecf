import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from './support/http.js';
import { RawConnection, rawPost } from './support/raw-connection.js';
import { type LogLine, type Service, ServiceProcess, startService } from './support/service.js';

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

/** What every line has, whatever it is about. */
const ENVELOPE = {
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
  service: 'churn-model-api',
  pid: expect.any(Number) as number,
};

function linesOf(requestId: string): LogLine[] {
  return service.process.lines.filter(({ request_id }) => request_id === requestId);
}

describe('the log line of a request', () => {
  it('tells of a prediction: route, status, latency, batch size and model version', async () => {
    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(await service.process.requestLine(requestId)).toEqual({
      ...ENVELOPE,
      level: 'info',
      context: 'Request',
      request_id: requestId,
      method: 'POST',
      route: '/predict',
      status: 200,
      latency_ms: expect.any(Number) as number,
      batch_size: 1,
      model_version: '1.0.0',
      msg: 'request completed',
    });
  });

  it('tells of a batch how many customers it had', async () => {
    const customers = [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER];
    const { requestId } = await post(`${service.url}/predict/batch`, { customers });
    expect(await service.process.requestLine(requestId)).toMatchObject({
      route: '/predict/batch',
      batch_size: 2,
      model_version: '1.0.0',
    });
  });

  it('tells of a refusal its code and the offending fields, but not their values', async () => {
    const { requestId } = await post(`${service.url}/predict`, {
      ...HIGH_RISK_CUSTOMER,
      tenure_months: 987_654,
    });
    const line = await service.process.requestLine(requestId);
    expect(line).toMatchObject({
      level: 'warn',
      status: 422,
      code: 'validation_failed',
      invalid_fields: ['/tenure_months'],
    });
    expect(JSON.stringify(line)).not.toContain('987654');
  });

  it('tells of an unknown path which it was, without its query', async () => {
    const { requestId } = await request(`${service.url}/customers/C-1?key=secret`);
    const line = await service.process.requestLine(requestId);
    expect(line).toMatchObject({ level: 'warn', route: null, path: '/customers/C-1', status: 404 });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it('tells of an unparsable body, at the route that it was sent to', async () => {
    const { requestId } = await post(`${service.url}/predict`, '{');
    expect(await service.process.requestLine(requestId)).toMatchObject({
      route: '/predict',
      status: 400,
      code: 'invalid_json',
    });
  });

  it('tells of a client that left before the answer', async () => {
    const connection = await RawConnection.open(service.port);
    await connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'gone' }).slice(0, -5));
    // Its headers are read before those of a later request, after which it may leave.
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    connection.reset();
    const line = await service.process.requestLine('gone');
    expect(line).toMatchObject({ status: 499, route: '/predict' });
    expect(line).not.toHaveProperty('code');
  });

  it('is the only one, whatever the outcome', async () => {
    const ids = await Promise.all([
      post(`${service.url}/predict`, HIGH_RISK_CUSTOMER),
      post(`${service.url}/predict`, {}),
      post(`${service.url}/predict`, '{'),
      request(`${service.url}/nothing`),
      request(`${service.url}/predict`),
    ]).then((answers) => answers.map(({ requestId }) => requestId));
    await Promise.all(ids.map((id) => service.process.requestLine(id)));
    // A later request's line is written after any second line of these.
    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await service.process.requestLine(requestId);
    expect(ids.map((id) => linesOf(id).length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('is written at DEBUG for a probe', async () => {
    const quiet = await request(`${service.url}/health/ready`);
    const { requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    await service.process.requestLine(requestId);
    expect(linesOf(quiet.requestId)).toEqual([]);
  });

  it('has no value of a customer at INFO', async () => {
    const customer = { ...HIGH_RISK_CUSTOMER, monthly_charges: 123.456_789, total_charges: 98_765.432_1 };
    const { requestId } = await post(`${service.url}/predict`, customer);
    await service.process.requestLine(requestId);
    expect(service.process.output()).not.toMatch(/123\.456|98765\.4/);
  });
});

describe('the request id', () => {
  it('is taken from the caller and stands in answer, problem and log', async () => {
    const answer = await post(`${service.url}/predict`, {}, { 'X-Request-Id': 'crm-2026:42' });
    expect(answer.requestId).toBe('crm-2026:42');
    expect(answer.body['request_id']).toBe('crm-2026:42');
    expect(await service.process.requestLine('crm-2026:42')).toMatchObject({ status: 422 });
  });

  it.each(['a b', 'a"b', 'é', 'x'.repeat(129), '{}'])(
    'is made if the one offered is not sane: %.20s',
    async (id) => {
      const { requestId } = await post(`${service.url}/predict`, {}, { 'X-Request-Id': id });
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe('the format', () => {
  it('is text for people on request', async () => {
    const pretty = ServiceProcess.spawn({ LOG_FORMAT: 'pretty' });
    expect(await pretty.text(/listening/)).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: /);
    pretty.signal('SIGTERM');
    expect(await pretty.exit()).toBe(0);
    expect(pretty.lines).toEqual([]);
    expect(pretty.noise.at(-1)).toMatch(/model released/);
  });
});
