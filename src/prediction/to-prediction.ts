import type { Thresholds } from '../bundle/manifest.js';
import type { Prediction } from './dto/prediction.dto.js';
import { riskTier } from './risk-tier.js';

/** What is made of a probability: label and tier come from the unrounded one. */
export function toPrediction(
  probability: number,
  { thresholds, version }: { readonly thresholds: Thresholds; readonly version: string },
): Prediction {
  return {
    churn_probability: Math.round(probability * 10_000) / 10_000,
    churn_prediction: probability >= thresholds.decision,
    risk_tier: riskTier(probability, thresholds),
    model_version: version,
  };
}
