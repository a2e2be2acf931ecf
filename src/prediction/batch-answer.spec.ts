import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchAnswer } from './batch-answer.js';
import { riskTierCodes } from './risk-tier.js';
import { toPrediction } from './to-prediction.js';

const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  // Where a decision or a rounding tips over.
  fc.constantFrom(0, 1, 0.5, 0.499_99, 0.500_01, 0.123_45, 0.699_95, 0.000_04, 0.999_96, 1e-300),
);

const model = fc.record({
  version: fc.oneof(fc.string(), fc.constantFrom('1.0.0', 'größe "2"\n', '\u2028')),
  thresholds: fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), probability, probability)
    .map(([decision, one, other]) => ({
      decision,
      medium: Math.min(one, other),
      high: Math.max(one, other),
    })),
});

it('is the text that JSON.stringify gives for the predictions', () => {
  fc.assert(
    fc.property(fc.array(probability, { minLength: 1, maxLength: 100 }), model, (rows, served) => {
      const probabilities = Float64Array.from(rows);
      const riskTiers = riskTierCodes(probabilities, served.thresholds);
      expect(batchAnswer({ probabilities, riskTiers, latencyMs: 1.8449 }, served)).toBe(
        JSON.stringify({
          predictions: rows.map((row) => toPrediction(row, served)),
          batch_size: rows.length,
          latency_ms: 1.84,
        }),
      );
    }),
    { numRuns: 1000 },
  );
});
