import { describe, expect, it } from 'vitest';
import { post } from './support/http.js';
import { type Environment, type Service, startService } from './support/service.js';
import { CUSTOMERS, probabilityOf, writeWideBundle } from './support/wide-bundle.js';

async function startWide(environment: Environment = {}): Promise<Service> {
  return startService({ MODEL_PATH: writeWideBundle(), ...environment });
}

describe('a model of 500 features', () => {
  async function expectScores(service: Service): Promise<void> {
    const { status, body } = await post(`${service.url}/predict/batch`, { customers: CUSTOMERS });
    expect(status).toBe(200);
    expect(body['predictions']).toEqual(
      CUSTOMERS.map((values) => {
        const churn_probability = expect.closeTo(probabilityOf(values), 3) as number;
        return expect.objectContaining({ churn_probability }) as object;
      }),
    );
  }

  it('scores a full batch, whose body is far larger than 128 KiB, and again after a reload', async () => {
    expect(JSON.stringify({ customers: CUSTOMERS }).length).toBeGreaterThan(1_000_000);
    const service = await startWide({ WORKERS: '2', KEEP_ALIVE_TIMEOUT_MS: '1000' });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    await expectScores(service);
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    await expectScores(service);
    await service.stop();
  });

  it('answers a batch of empty customers with the first hundred errors and their number', async () => {
    const service = await startWide();
    const customers = Array<object>(100).fill({});
    const { status, body } = await post(`${service.url}/predict/batch`, { customers });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      detail: '50000 values are missing or invalid; the first 100 are listed.',
      error_count: 50_000,
      errors: { length: 100 },
    });
    expect(JSON.stringify(body).length).toBeLessThan(30_000);
    await service.stop();
  });

  it('finds the one customer that is invalid', async () => {
    const service = await startWide();
    const name = 'feature_number_321';
    const customers = CUSTOMERS.with(77, { ...CUSTOMERS[77], [name]: 11 });
    const { body } = await post(`${service.url}/predict/batch`, { customers });
    expect(body['errors']).toEqual([
      {
        pointer: `/customers/77/${name}`,
        code: 'too_large',
        detail: `${name} must be a number from -10 to 10, but is 11.`,
      },
    ]);
    expect(body['error_count']).toBeUndefined();
    await service.stop();
  });
});
