import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinSearch } from './bin-search.js';
import { nextAbove, nextBelow } from './adjacent-floats.js';

function neighboursOf(bounds: Float64Array): number[] {
  return Array.from(bounds)
    .flatMap((bound) => [nextBelow(bound), nextAbove(bound)])
    .filter((value) => !Number.isNaN(value));
}

describe('BinSearch', () => {
  it('finds the number of bounds that a value is not below', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true }),
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.integer({ min: -20, max: 20 }),
      fc.constantFrom(1e-320, 1e-310, 5e-324, 1e308, -1e308, Infinity, -Infinity),
    );
    const bounds = fc
      .uniqueArray(number, { maxLength: 25, comparator: 'SameValueZero' })
      .map((values) => Float64Array.from(values).sort());
    fc.assert(
      fc.property(bounds, fc.array(number), (lowerBounds, values) => {
        const search = new BinSearch(lowerBounds);
        for (const value of [...values, ...lowerBounds, ...neighboursOf(lowerBounds)]) {
          const counts = new Float64Array(lowerBounds.length + 2);
          search.count({ cells: Float64Array.of(NaN, value), first: 1, width: 2 }, counts, 1, 0);
          expect(counts.indexOf(1)).toBe(1 + lowerBounds.filter((bound) => value >= bound).length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('counts NaN as missing, and only the cells of the column', () => {
    const counts = new Float64Array(4);
    const cells = Float64Array.of(0, NaN, 1, NaN, 2, 7);
    new BinSearch(Float64Array.of(1, 2)).count({ cells, first: 1, width: 2 }, counts, 0, 3);
    new BinSearch(Float64Array.of(1, 2)).count({ cells, first: 0, width: 2 }, counts, 0, 3);
    expect(counts).toEqual(Float64Array.of(1, 1, 2, 2));
  });
});

describe('nextBelow', () => {
  it('is the greatest number that is less', () => {
    expect([1 + Number.EPSILON, 0, Number.MIN_VALUE].map(nextBelow)).toEqual([1, -Number.MIN_VALUE, 0]);
  });
});

describe('nextAbove', () => {
  it('is the least number that is greater', () => {
    expect([1, 0, -1, 153.22].map(nextAbove)).toEqual([
      1 + Number.EPSILON,
      Number.MIN_VALUE,
      -1 + Number.EPSILON / 2,
      153.22000000000003,
    ]);
  });
});
