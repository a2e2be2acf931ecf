import type { Thresholds } from '../bundle/manifest.js';
import { isProbability } from '../model/probability.js';
import { RISK_TIERS, riskTier } from '../prediction/risk-tier.js';
import type { ShadowMetrics } from './shadow.metrics.js';

/** How the two models decide. */
export interface BothThresholds {
  readonly served: Thresholds;
  readonly candidate: Thresholds;
}

/**
 * Counts how the candidate's probabilities agree with those that were served, each model with its own thresholds.
 *
 * @returns how many of the candidate's are not probabilities
 */
export function compare(
  served: Float64Array,
  candidate: Float64Array,
  thresholds: BothThresholds,
  metrics: ShadowMetrics,
): number {
  let invalidCount = 0;
  served.forEach((was, row) => {
    const is = candidate[row] ?? NaN;
    if (!isProbability(is)) {
      invalidCount++;
      return;
    }
    metrics.compared(was, is);
    const [said, says] = [was >= thresholds.served.decision, is >= thresholds.candidate.decision];
    if (said !== says) {
      metrics.flipped(says ? 'to_churn' : 'to_no_churn');
    }
    const [from, to] = [rank(was, thresholds.served), rank(is, thresholds.candidate)];
    if (from !== to) {
      metrics.moved(to > from ? 'up' : 'down');
    }
  });
  metrics.failed(invalidCount);
  return invalidCount;
}

function rank(probability: number, thresholds: Thresholds): number {
  return RISK_TIERS.indexOf(riskTier(probability, thresholds));
}
