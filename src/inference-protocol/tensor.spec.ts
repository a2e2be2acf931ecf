import { describe, expect, it } from 'vitest';
import { elementCount } from './tensor.js';

describe('elementCount', () => {
  it.each([
    [[3, 2], 6],
    [[], 1],
    [[0], 0],
    [Array<number>(21).fill(Number.MAX_SAFE_INTEGER), Infinity],
    [[...Array<number>(21).fill(Number.MAX_SAFE_INTEGER), 0], 0],
  ])('of the shape %j is %d', (shape, count) => {
    expect(elementCount(shape)).toBe(count);
  });
});
