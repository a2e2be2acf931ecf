import { describe, expect, it } from 'vitest';
import { GrowingDelay } from './growing-delay.js';

describe('GrowingDelay', () => {
  it('doubles with each failure, up to the longest', () => {
    const delay = new GrowingDelay(500, 3000);
    expect(Array.from({ length: 5 }, () => delay.afterFailure())).toEqual([500, 1000, 2000, 3000, 3000]);
  });

  it('starts again after a success', () => {
    const delay = new GrowingDelay(500, 3000);
    delay.afterFailure();
    delay.afterFailure();
    delay.reset();
    expect(delay.afterFailure()).toBe(500);
  });
});
