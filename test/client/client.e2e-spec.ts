import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { ChurnClient, type Customer, ProblemError } from 'churn-model-client';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { freePort } from '../support/free-port.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER } from '../support/http.js';
import { type Service, startService } from '../support/service.js';

const HIGH_RISK = 0.8889;
const LONG_MS = 20_000;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
});

function client(options: Partial<ConstructorParameters<typeof ChurnClient>[0]> = {}): ChurnClient {
  return new ChurnClient({ baseUrl: service.url, timeoutMs: LONG_MS, ...options });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: unknown) => error,
  );
}

describe('the client', () => {
  it('scores a customer', async () => {
    const prediction = await client().predict(HIGH_RISK_CUSTOMER);
    expect(prediction).toMatchObject({ churn_probability: HIGH_RISK, risk_tier: 'HIGH' });
  });

  it('scores any number of customers in their order', async () => {
    const customers = Array.from({ length: 950 }, (_, index) => ({
      ...LOW_RISK_CUSTOMER,
      tenure_months: index % 121,
    }));
    const ofTenure = await client().predictBatch(customers.slice(0, 121));
    expect(new Set(ofTenure.map((each) => each.churn_probability)).size).toBeGreaterThan(20);
    expect(await client().predictBatch(customers)).toEqual(
      customers.map(({ tenure_months: tenure }) => ofTenure[tenure]),
    );
    expect(await client().predictBatch([])).toEqual([]);
  });

  it('names an invalid customer of a long list by its place in the list', async () => {
    const customers: Customer[] = Array.from({ length: 250 }, () => HIGH_RISK_CUSTOMER);
    customers[234] = { ...HIGH_RISK_CUSTOMER, num_products: 0 };
    const error = await failureOf(client().predictBatch(customers));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      status: 422,
      code: 'validation_failed',
      errors: [{ pointer: '/customers/234/num_products', code: 'too_small' }],
    });
  });

  it('says why', async () => {
    const explanation = await client().explain(HIGH_RISK_CUSTOMER, { top: 2 });
    expect(explanation.contributions).toHaveLength(2);
    expect(explanation.others?.features).toBe(3);
  });

  it('reaches every other operation, typed', async () => {
    const { data } = await client().api.GET('/model');
    expect(data?.features.map(({ name }) => name)).toContain('tenure_months');
  });

  it('sends its API key', async () => {
    const locked = await startService({ API_KEYS: keyEntry('crm', CRM_KEY) });
    onTestFinished(async () => {
      await locked.stop();
    });
    const baseUrl = locked.url;
    expect(await failureOf(client({ baseUrl }).predict(HIGH_RISK_CUSTOMER))).toMatchObject({
      code: 'unauthorized',
    });
    const known = client({ baseUrl, apiKey: CRM_KEY });
    expect((await known.predict(HIGH_RISK_CUSTOMER)).churn_probability).toBe(HIGH_RISK);
  });

  it('gives its requests ids that the log of the service has', async () => {
    const { requestId = '' } = (await failureOf(client().predict({} as Customer))) as ProblemError;
    expect(await service.process.requestLine(requestId)).toMatchObject({ status: 422 });
  });

  it('ends at its deadline, also while the service stands still', async () => {
    service.process.signal('SIGSTOP');
    onTestFinished(() => {
      service.process.signal('SIGCONT');
    });
    const error = await failureOf(client().predict(HIGH_RISK_CUSTOMER, { timeoutMs: 50 }));
    expect(error).toMatchObject({ name: 'TimeoutError' });
  });

  it.each([LONG_MS + 0.7, Infinity, Number.MAX_SAFE_INTEGER])(
    'takes a timeout of %d ms',
    async (timeoutMs) => {
      const ofCall = await client().predict(HIGH_RISK_CUSTOMER, { timeoutMs });
      expect(ofCall.churn_probability).toBe(HIGH_RISK);
      const ofClient = await client({ timeoutMs }).predict(HIGH_RISK_CUSTOMER);
      expect(ofClient.churn_probability).toBe(HIGH_RISK);
    },
  );

  it.each([0, 0.4, -1, -0.5, -Infinity, NaN])(
    'sends nothing if the time is over, as in %d ms',
    async (timeoutMs) => {
      let sent = 0;
      const fetch = (request: Request): Promise<Response> => {
        sent++;
        return globalThis.fetch(request);
      };
      const calls = [
        client({ fetch }).predict(HIGH_RISK_CUSTOMER, { timeoutMs }),
        client({ fetch, timeoutMs }).predict(HIGH_RISK_CUSTOMER),
      ];
      for (const error of await Promise.all(calls.map(failureOf))) {
        expect(error).toMatchObject({ name: 'TimeoutError' });
      }
      expect(sent).toBe(0);
    },
  );

  it('ends when its caller gives up', async () => {
    const controller = new AbortController();
    const failure = failureOf(client().predictBatch([HIGH_RISK_CUSTOMER], { signal: controller.signal }));
    controller.abort();
    expect(await failure).toMatchObject({ name: 'AbortError' });
  });
});

/** Stands before the service, and lets a request through only after it has refused so many. */
async function gateway(
  refusals: number,
  headers: Readonly<Record<string, string>> = { 'Retry-After': '0' },
): Promise<{ baseUrl: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    seen.push(request);
    if (seen.length <= refusals) {
      response.writeHead(503, headers).end();
      return;
    }
    void forward(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await fetch(service.url + (request.url ?? ''), {
    method: 'POST',
    headers: request.headers as Record<string, string>,
    body: await text(request),
  });
  response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(await answer.text());
}

describe('a request of the client that the service had no time for', () => {
  it('is sent again, as the same request with less time', async () => {
    const { baseUrl, seen } = await gateway(2);
    const prediction = await client({ baseUrl }).predict(HIGH_RISK_CUSTOMER);
    expect(prediction.churn_probability).toBe(HIGH_RISK);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ headers }) => headers['x-request-id'])).size).toBe(1);
    const timesMs = seen.map(({ headers }) => Number(headers['x-request-timeout-ms']));
    expect(timesMs[0]).toBeLessThanOrEqual(LONG_MS);
    expect(timesMs).toEqual(timesMs.toSorted((a, b) => b - a));
  });

  it('waits as long as Retry-After says', async () => {
    const { baseUrl, seen } = await gateway(1, { 'Retry-After': '1' });
    const startedAtMs = performance.now();
    await client({ baseUrl }).predict(HIGH_RISK_CUSTOMER);
    expect(seen).toHaveLength(2);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(990);
  });

  it('is not sent again if there is no time to wait', async () => {
    const { baseUrl, seen } = await gateway(1, { 'Retry-After': '60' });
    expect(await failureOf(client({ baseUrl }).predict(HIGH_RISK_CUSTOMER))).toMatchObject({ status: 503 });
    expect(seen).toHaveLength(1);
  });

  it('fails after as many retries as are allowed, without a code if no service answered', async () => {
    const { baseUrl, seen } = await gateway(Infinity);
    const error = await failureOf(client({ baseUrl, retries: 1 }).predict(HIGH_RISK_CUSTOMER));
    expect(error).toMatchObject({ status: 503, code: undefined, message: /503 Service Unavailable/ });
    expect(seen).toHaveLength(2);
  });

  it('is sent again for one call in ten, so that retries do not add to an overload', async () => {
    const { baseUrl, seen } = await gateway(Infinity);
    const calls = 40;
    const impatient = client({ baseUrl, retries: 1 });
    await Promise.all(Array.from({ length: calls }, () => failureOf(impatient.predict(HIGH_RISK_CUSTOMER))));
    expect(seen).toHaveLength(calls + 10);
  });

  it('fails if there is no service', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    expect(await failureOf(client({ baseUrl }).predict(HIGH_RISK_CUSTOMER))).toBeInstanceOf(TypeError);
  });
});

describe('the package of the client', () => {
  it('has the types of the bundled model', async () => {
    await promisify(execFile)(process.execPath, ['client/scripts/types.js', '--check']);
  });

  it('is smaller than 5 KB beside openapi-fetch', async () => {
    const build = await rolldown({ input: 'client/dist/churn-client.js', external: ['openapi-fetch'] });
    const { output } = await build.generate({ minify: true });
    await build.close();
    expect(Buffer.byteLength(output[0].code)).toBeLessThan(5000);
  });
});
