import fc from 'fast-check';
import { Histogram as PromHistogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { HistogramMetric } from './histogram-metric.js';

const OPTIONS = { name: 'duration_seconds', help: 'Of something.' };
const UPPER_BOUNDS = [0.00001, 0.15000000000000002, 1, 2.5, 10];

describe('Histogram', () => {
  it("is exposed as prom-client's own with the same values is", async () => {
    const values = fc.array(
      fc.record({
        route: fc.constantFrom('/predict', '/predict/batch', 'none'),
        value: fc.oneof(fc.constantFrom(...UPPER_BOUNDS, 0), fc.double({ min: 0, max: 20, noNaN: true })),
      }),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(values, async (observations) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        const own = new HistogramMetric(ours, { ...OPTIONS, upperBounds: UPPER_BOUNDS });
        const reference = new PromHistogram({
          ...OPTIONS,
          labelNames: ['route'],
          buckets: UPPER_BOUNDS,
          registers: [theirs],
        });
        for (const { route, value } of observations) {
          own.labels({ route }).observe(value);
          reference.observe({ route }, value);
        }
        expect(await ours.metrics()).toBe(await theirs.metrics());
        expect(await ours.getMetricsAsJSON()).toMatchObject(
          (await theirs.getMetricsAsJSON()).map(({ name, type, aggregator }) => ({ name, type, aggregator })),
        );
      }),
    );
  });

  it('observes many values as one after the other', async () => {
    const number = fc.oneof(
      fc.constantFrom(...UPPER_BOUNDS, 0),
      fc.double({ min: -1, max: 20, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number), async (values) => {
        const [one, all] = [new Registry(), new Registry()];
        const series = new HistogramMetric(one, { ...OPTIONS, upperBounds: UPPER_BOUNDS }).labels();
        values.forEach((value) => {
          series.observe(value);
        });
        new HistogramMetric(all, { ...OPTIONS, upperBounds: UPPER_BOUNDS })
          .labels()
          .observeAll(Float64Array.from(values));
        expect(await all.metrics()).toBe(await one.metrics());
      }),
    );
  });

  it('counts a value at an exclusive bound in the bucket after it, alone or among many', async () => {
    const options = { ...OPTIONS, upperBounds: [0, 0.5, 1], areBoundsExclusive: true };
    const [one, all] = [new Registry(), new Registry()];
    const series = new HistogramMetric(one, options).labels();
    const values = [0, 0.25, 0.5, 0.5, 1];
    values.forEach((value) => {
      series.observe(value);
    });
    new HistogramMetric(all, options).labels().observeAll(Float64Array.from(values));
    expect(await one.metrics()).toContain(
      '{le="0"} 0\nduration_seconds_bucket{le="0.5"} 2\nduration_seconds_bucket{le="1"} 4\n',
    );
    expect(await all.metrics()).toBe(await one.metrics());
  });

  it('has its buckets before anything is observed, so that a rate can be taken of the first', async () => {
    const registry = new Registry();
    new HistogramMetric(registry, { ...OPTIONS, upperBounds: [1] }).labels();
    expect(await registry.metrics()).toContain('duration_seconds_bucket{le="1"} 0');
  });
});
