import { describe, expect, it } from 'vitest';
import { PassCost } from './pass-cost.js';

describe('PassCost', () => {
  it('takes a pass for an overhead and so much for each row', () => {
    const cost = PassCost.fromTimes(12, 101, 212);
    expect(cost.expectedMs(1)).toBeCloseTo(12);
    expect(cost.expectedMs(51)).toBeCloseTo(112);
    expect(cost.expectedMs(101)).toBeCloseTo(212);
  });

  it('expects nothing less than nothing of times that contradict each other', () => {
    const cost = PassCost.fromTimes(5, 128, 4);
    expect(cost.expectedMs(1)).toBe(5);
    expect(cost.expectedMs(128)).toBe(5);
    expect(PassCost.fromTimes(0, 128, 0).expectedMs(128)).toBe(0);
  });

  it('follows the pace of the last passes, whatever their size', () => {
    const cost = PassCost.fromTimes(2, 100, 101);
    for (let pass = 0; pass < 30; pass++) {
      cost.observe(50, 3 * 51);
    }
    expect(cost.expectedMs(100)).toBeCloseTo(303, 0);
    for (let pass = 0; pass < 30; pass++) {
      cost.observe(1, 2);
    }
    expect(cost.expectedMs(100)).toBeCloseTo(101, 0);
  });
});
