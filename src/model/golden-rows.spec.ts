import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../bundle/manifest.js';
import { layoutOf } from './feature-table.js';
import { compareGoldenRows, goldenTableOf, type GoldenTable } from './golden-rows.js';

const INPUTS = [
  { name: 'numbers', type: 'float32', features: ['a'] },
  { name: 'texts', type: 'string', features: ['b'], missing_text: 'nan' },
] as const;
const LAYOUT = layoutOf({ inputs: INPUTS, features: [] });

function tableOf(parts: Pick<ModelManifest, 'golden_rows' | 'examples'>): GoldenTable {
  return goldenTableOf(parts as ModelManifest, LAYOUT);
}

const GOLDEN = tableOf({
  golden_rows: {
    features: ['b', 'a'],
    rows: [
      ['x', 1],
      [null, 3],
      ['y', 5],
    ],
    probabilities: [0.25, 0.5, 0.75],
  },
  examples: [{ customer: { a: 7, b: 'z' } }],
});

describe('goldenTableOf', () => {
  it('finds the values of the golden rows by the names of the columns', () => {
    expect([...GOLDEN.table.numbers]).toEqual([1, 3, 5]);
    expect(GOLDEN.table.texts).toEqual(['x', 'nan', 'y']);
  });

  it('has the examples too whose probability is stated', () => {
    const { table, probabilities } = tableOf({
      examples: [{ customer: { a: 7, b: 'z' } }, { customer: { a: 8, b: 'z' }, probability: 0.5 }],
    });
    expect([[...table.numbers], [...probabilities]]).toEqual([[8], [0.5]]);
  });

  it('has an example to try the model on, though nothing says what it should answer', () => {
    const { table, probabilities } = tableOf({ examples: [{ customer: { a: 7, b: 'z' } }] });
    expect([[...table.numbers], [...probabilities]]).toEqual([[7], [NaN]]);
  });
});

describe('compareGoldenRows', () => {
  it('returns the greatest difference', () => {
    expect(compareGoldenRows(GOLDEN, [0.25, 0.5625, 0.75], 0.1, 'a.onnx')).toBe(0.0625);
  });

  it('accepts a difference that equals the tolerance', () => {
    expect(compareGoldenRows(GOLDEN, [0.25, 0.625, 0.75], 0.125, 'a.onnx')).toBe(0.125);
  });

  it('states the worst row of several that differ', () => {
    expect(() => compareGoldenRows(GOLDEN, [0.3, 0.9, 0.7], 0.001, 'a.onnx')).toThrow(
      /Where: a\.onnx\. Expected: 0\.5 for the golden row 1 \{"a":3,"b":"nan"\}, within 0\.001\. Found: 0\.9\./,
    );
  });

  it.each([[[0.25, NaN, 0.75]], [[0.25, 0.5]]])(
    'takes %j, which lacks an answer, for a mismatch',
    (served) => {
      expect(() => compareGoldenRows(GOLDEN, served, 0.01, 'a.onnx')).toThrow(/Found: NaN/);
    },
  );

  it('finds nothing to compare where no probability is stated', () => {
    const golden = tableOf({ examples: [{ customer: { a: 7, b: 'z' } }] });
    expect(compareGoldenRows(golden, [0.9], 0.01, 'a.onnx')).toBe(0);
  });
});
