import { describe, expect, it } from 'vitest';
import { chiSquaredQuantile, chiSquaredTail } from './chi-squared.js';

/** Probability, degrees of freedom, and what scipy.stats.chi2.isf gives for them. */
const SCIPY = [
  [0.5, 1, 0.4549364231195724],
  [0.5, 9, 8.342832692252955],
  [0.5, 300, 299.33359734921805],
  [0.05, 1, 3.8414588206941285],
  [0.05, 2, 5.991464547107983],
  [0.05, 22, 33.92443847144379],
  [0.01, 3, 11.344866730144368],
  [0.01, 100, 135.80672317102676],
  [0.00167363, 1, 9.87694045124111],
  [0.00167363, 9, 26.52777762298999],
  [0.00167363, 22, 46.56116362262461],
  [0.00001, 2, 23.025850929940457],
  [0.00001, 22, 62.340988094283595],
  [0.00000001, 1, 32.84125336123679],
  [0.00000001, 100, 200.63190873681665],
  [0.00000001, 300, 458.3689193628053],
] as const;

describe('chiSquaredQuantile', () => {
  it.each(SCIPY)(
    'is exceeded with probability %d at %d degrees of freedom as in scipy',
    (tail, df, value) => {
      expect(chiSquaredQuantile(tail, df) / value).toBeCloseTo(1, 11);
      expect(chiSquaredTail(value, df) / tail).toBeCloseTo(1, 10);
    },
  );

  it('is zero without degrees of freedom', () => {
    expect(chiSquaredQuantile(0.01, 0)).toBe(0);
  });
});
