import { describe, expect, it } from 'vitest';
import type { NumberStatistics } from '../../src/bundle/manifest.js';
import { post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { type Environment, type Service, startService } from '../support/service.js';
import { CUSTOMERS, probabilityOf, writeWideBundle } from '../support/wide-bundle.js';

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

  it('watches the drift of all features in 2,000 bins', async () => {
    const edges = Array.from({ length: 21 }, (_, edge) => 0.8 * edge - 8);
    const statistics: NumberStatistics = {
      missing_ratio: 0,
      minimum: -8,
      maximum: 8,
      mean: 0,
      quantiles: {},
      histogram: { edges, counts: Array<number>(20).fill(250) },
    };
    const names = Object.keys(CUSTOMERS[0] ?? {});
    const features = names.map((name) => ({
      name,
      type: 'number' as const,
      bounds: { minimum: -10, maximum: 10 },
      statistics,
    }));
    const service = await startService({ MODEL_PATH: writeWideBundle({ features }), WORKERS: '2' });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    await expectScores(service);
    const scrape = await Scrape.of(service.url);
    const samples = scrape.samples('feature_rows_total');
    expect(samples).toHaveLength(2000);
    expect(scrape.samples('feature_reference_rows')).toHaveLength(2000);
    const ofFeature = Map.groupBy(samples, ({ labels }) => labels['feature'] ?? '');
    for (const name of names) {
      const rows = (kind: string): number =>
        (ofFeature.get(name) ?? [])
          .filter(({ labels }) => labels['kind'] === kind)
          .reduce((sum, { value }) => sum + value, 0);
      const values = CUSTOMERS.map((customerValues) => Number(customerValues[name]));
      expect([rows('below'), rows('known'), rows('above')]).toEqual([
        values.filter((value) => value < -8).length,
        values.filter((value) => value >= -8 && value <= 8).length,
        values.filter((value) => value > 8).length,
      ]);
    }
    const { status, body } = await request(`${service.url}/model/drift`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ unwatched_features: [], windows: [{ rows: 100 }, { rows: 100 }] });
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
