import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { psiOf } from './psi.js';

describe('psiOf', () => {
  it('sums (live - reference) x ln(live / reference)', () => {
    const { psi, degreesOfFreedom } = psiOf([30, 70], [50, 50]);
    expect(psi).toBeCloseTo(-0.2 * Math.log(0.6) + 0.2 * Math.log(1.4), 15);
    expect(degreesOfFreedom).toBe(1);
  });

  it('counts an empty bin as half a row', () => {
    const { psi } = psiOf([0, 100], [20, 180]);
    expect(psi).toBeCloseTo((0.005 - 0.1) * Math.log(0.05) + 0.1 * Math.log(1 / 0.9), 15);
  });

  it('leaves out a bin that is empty on both sides', () => {
    expect(psiOf([30, 0, 70], [50, 0, 50])).toEqual(psiOf([30, 70], [50, 50]));
  });

  it('is zero for equal shares, and never negative', () => {
    expect(psiOf([1, 2, 3], [10, 20, 30]).psi).toBeCloseTo(0, 15);
    const counts = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1 });
    fc.assert(
      fc.property(counts, (bins) => {
        const { psi } = psiOf([...bins.map(([live]) => live), 1], [...bins.map(([, rows]) => rows), 1]);
        expect(psi).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
