import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorType } from '../bundle/tensor-type.js';
import type { FeatureTable } from './feature-table.js';
import { tensorData } from './tensor-data.js';

function tableOfNumbers(rows: readonly (readonly number[])[]): FeatureTable {
  return { rowCount: rows.length, numbers: Float64Array.from(rows.flat()), texts: [] };
}

function cast(values: readonly number[], type: TensorType): unknown[] {
  return [...tensorData(tableOfNumbers([values]), { type, firstColumn: 0, columnCount: values.length })];
}

const MAX_INT64 = 2n ** 63n - 1n;

describe('tensorData', () => {
  it('casts to the nearest float32', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (values) => {
        expect(cast(values, 'float32')).toEqual(values.map(Math.fround));
      }),
    );
  });

  it.each<[TensorType, number[], unknown[]]>([
    ['float64', [0.1, 1e300, NaN], [0.1, 1e300, NaN]],
    ['int64', [6.9, -6.9, 0.5], [6n, -6n, 0n]],
    ['int32', [6.9, -6.9, 0.5], [6, -6, 0]],
    ['bool', [1, 0], [1, 0]],
  ])('gives %s of %j', (type, values, expected) => {
    expect(cast(values, type)).toEqual(expected);
  });

  it.each<[TensorType, unknown[]]>([
    ['int64', [MAX_INT64, -(2n ** 63n)]],
    ['int32', [2 ** 31 - 1, -(2 ** 31)]],
  ])('takes the nearest %s for a value beyond its range, instead of wrapping around', (type, expected) => {
    expect(cast([1e30, -1e30], type)).toEqual(expected);
  });

  it('picks the columns of one input, of numbers and of texts', () => {
    const grid = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        rows: fc.array(fc.array(fc.double({ noNaN: true }), { minLength: width, maxLength: width }), {
          minLength: 1,
        }),
        firstColumn: fc.integer({ min: 0, max: width - 1 }),
        columns: fc.integer({ min: 1, max: width }),
      }),
    );
    fc.assert(
      fc.property(grid, ({ rows, firstColumn, columns }) => {
        const columnCount = Math.min(columns, (rows[0]?.length ?? 0) - firstColumn);
        const expected = rows.flatMap((row) => row.slice(firstColumn, firstColumn + columnCount));
        const table = { ...tableOfNumbers(rows), texts: rows.flat().map(String) };
        expect([...tensorData(table, { type: 'float64', firstColumn, columnCount })]).toEqual(expected);
        expect(tensorData(table, { type: 'string', firstColumn, columnCount })).toEqual(expected.map(String));
      }),
    );
  });
});
