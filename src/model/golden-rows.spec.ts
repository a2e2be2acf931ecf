import { describe, expect, it } from 'vitest';
import { compareGoldenRows } from './golden-rows.js';

const ROWS = [
  { features: { a: 1, b: 2 }, probability: 0.25 },
  { features: { a: 3, b: 4 }, probability: 0.5 },
  { features: { a: 5, b: 6 }, probability: 0.75 },
];

describe('compareGoldenRows', () => {
  it('returns the greatest difference', () => {
    expect(compareGoldenRows(ROWS, [0.25, 0.5625, 0.75], 0.1, 'a.onnx')).toBe(0.0625);
  });

  it('accepts a difference that equals the tolerance', () => {
    expect(compareGoldenRows(ROWS, [0.25, 0.625, 0.75], 0.125, 'a.onnx')).toBe(0.125);
  });

  it('states the worst row of several that differ', () => {
    expect(() => compareGoldenRows(ROWS, [0.3, 0.9, 0.7], 0.001, 'a.onnx')).toThrow(
      /Where: a\.onnx\. Expected: 0\.5 for the golden row 1 \{"a":3,"b":4\}, within 0\.001\. Found: 0\.9\./,
    );
  });

  it.each([[[0.25, NaN, 0.75]], [[0.25, 0.5]]])(
    'takes %j, which lacks an answer, for a mismatch',
    (served) => {
      expect(() => compareGoldenRows(ROWS, served, 0.01, 'a.onnx')).toThrow(/Found: NaN/);
    },
  );
});
