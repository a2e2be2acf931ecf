import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { compare } from './comparison.js';
import { ShadowMetrics } from './shadow.metrics.js';

const THRESHOLDS = { decision: 0.5, medium: 0.4, high: 0.7 };

async function counted(
  served: number[],
  candidate: number[],
  candidateThresholds = THRESHOLDS,
): Promise<{ invalid: number; text: string }> {
  const registry = new Registry();
  const metrics = new ShadowMetrics(registry);
  const thresholds = { served: THRESHOLDS, candidate: candidateThresholds };
  const invalid = compare(Float64Array.from(served), Float64Array.from(candidate), thresholds, metrics);
  return { invalid, text: await registry.metrics() };
}

describe('compare', () => {
  it('counts flips of the prediction and moves of the tier by direction', async () => {
    const { text } = await counted([0.1, 0.45, 0.55, 0.9, 0.6], [0.1, 0.55, 0.45, 0.6, 0.75]);
    expect(text).toContain('shadow_rows_total{outcome="compared"} 5');
    expect(text).toContain('shadow_label_flips_total{direction="to_churn"} 1');
    expect(text).toContain('shadow_label_flips_total{direction="to_no_churn"} 1');
    expect(text).toContain('shadow_tier_moves_total{direction="up"} 1');
    expect(text).toContain('shadow_tier_moves_total{direction="down"} 1');
  });

  it('judges each model by its own thresholds', async () => {
    const { text } = await counted([0.3], [0.3], { decision: 0.2, medium: 0.2, high: 0.25 });
    expect(text).toContain('shadow_label_flips_total{direction="to_churn"} 1');
    expect(text).toContain('shadow_tier_moves_total{direction="up"} 1');
  });

  it('observes how far the probabilities are apart', async () => {
    const { text } = await counted([0.5, 0.5], [0.75, 0.25]);
    expect(text).toContain('shadow_difference_sum 0.5');
    expect(text).toContain('shadow_difference_bucket{le="0.2"} 0');
    expect(text).toContain('shadow_difference_bucket{le="0.5"} 2');
    expect(text).toContain('shadow_probability_sum 1');
  });

  it('counts what is no probability as failed', async () => {
    const { invalid, text } = await counted([0.5, 0.5, 0.5], [NaN, 1.5]);
    expect(invalid).toBe(3);
    expect(text).toContain('shadow_rows_total{outcome="failed"} 3');
    expect(text).toContain('shadow_rows_total{outcome="compared"} 0');
  });
});
