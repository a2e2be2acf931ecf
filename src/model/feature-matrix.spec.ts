import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeColumn, encodeMatrix, matrixOfRows, rowValues } from './feature-matrix.js';

const rows = fc.array(fc.tuple(fc.double(), fc.double(), fc.double()), { minLength: 1, maxLength: 20 });

describe('encodeMatrix', () => {
  it('casts to the nearest float32', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const encoded = encodeMatrix(matrixOfRows(values, 3), 'float32');
        expect([...encoded]).toEqual(values.flat().map(Math.fround));
      }),
    );
  });

  it('leaves float64 as it is', () => {
    expect(encodeMatrix(matrixOfRows([[0.1, 1e300]], 2), 'float64')).toEqual(Float64Array.of(0.1, 1e300));
  });

  it('cuts fractions toward zero for int64', () => {
    expect(encodeMatrix(matrixOfRows([[6.9, -6.9, 0.5]], 3), 'int64')).toEqual(BigInt64Array.of(6n, -6n, 0n));
  });

  it('takes the nearest int64 for a value beyond its range, instead of wrapping around', () => {
    const max = 2n ** 63n - 1n;
    expect(encodeMatrix(matrixOfRows([[1e30, -1e30]], 2), 'int64')).toEqual(BigInt64Array.of(max, -max));
  });
});

describe('encodeColumn', () => {
  it('gathers one column, so that columns and rows hold the same values', () => {
    fc.assert(
      fc.property(rows, fc.nat({ max: 2 }), (values, column) => {
        const matrix = matrixOfRows(values, 3);
        expect([...encodeColumn(matrix, column, 'float64')]).toEqual(values.map((row) => row[column]));
      }),
    );
  });
});

describe('rowValues', () => {
  it('gives back a row', () => {
    expect(
      rowValues(
        matrixOfRows(
          [
            [1, 2],
            [3, 4],
          ],
          2,
        ),
        1,
      ),
    ).toEqual([3, 4]);
  });
});
