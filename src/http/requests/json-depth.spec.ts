import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeeperThan } from './json-depth.js';

function depth(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depth))
    : 0;
}

describe('isDeeperThan', () => {
  it('counts arrays and objects alike, empty ones too', () => {
    expect(isDeeperThan([[{}]], 3)).toBe(false);
    expect(isDeeperThan([[{}]], 2)).toBe(true);
    expect(isDeeperThan(null, 0)).toBe(false);
  });

  it('agrees with a plain count of the levels', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat({ max: 6 }), (value, levels) => {
        expect(isDeeperThan(value, levels)).toBe(depth(value) > levels);
      }),
    );
  });

  it('does not overflow the stack, however deep the value', () => {
    expect(isDeeperThan(JSON.parse('['.repeat(500_000) + ']'.repeat(500_000)), 32)).toBe(true);
  });
});
