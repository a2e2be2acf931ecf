import { describe, expect, it } from 'vitest';
import { riskTier } from './risk-tier.js';

const THRESHOLDS = { medium: 0.4, high: 0.7 };

describe('riskTier', () => {
  it.each([
    [0, 'LOW'],
    [0.399_99, 'LOW'],
    [0.4, 'MEDIUM'],
    [0.699_99, 'MEDIUM'],
    [0.7, 'HIGH'],
    [1, 'HIGH'],
  ])('takes %f as %s: a threshold belongs to the tier above it', (probability, tier) => {
    expect(riskTier(probability, THRESHOLDS)).toBe(tier);
  });
});
