import type { Samples } from '../metrics/samples.js';
import type { ShadowAgreementDto } from './dto/shadow-agreement.dto.js';
import { DIFFERENCE_BOUNDS } from './shadow.metrics.js';

/** Sums up the comparison from the metrics of all processes. */
export function agreementOf(samples: Samples): Omit<ShadowAgreementDto, 'candidate'> {
  const rows = (outcome: string): number => samples.valueOf(`shadow_rows_total{outcome="${outcome}"}`);
  const compared = rows('compared');
  const flips = (direction: string): number =>
    samples.valueOf(`shadow_label_flips_total{direction="${direction}"}`);
  const moves = (direction: string): number =>
    samples.valueOf(`shadow_tier_moves_total{direction="${direction}"}`);
  const labelFlips = { to_churn: flips('to_churn'), to_no_churn: flips('to_no_churn') };
  const upTo = [...DIFFERENCE_BOUNDS, '+Inf'].map((bound) =>
    samples.valueOf(`shadow_difference_bucket{le="${bound}"}`),
  );
  return {
    rows: { compared, dropped: rows('dropped'), failed: rows('failed') },
    ...(compared > 0 && {
      mean_difference: samples.valueOf('shadow_difference_sum') / compared,
      same_prediction_ratio: 1 - (labelFlips.to_churn + labelFlips.to_no_churn) / compared,
    }),
    label_flips: labelFlips,
    tier_moves: { up: moves('up'), down: moves('down') },
    differences: {
      upper_bounds: DIFFERENCE_BOUNDS,
      counts: upTo.map((count, bin) => count - (upTo[bin - 1] ?? 0)),
    },
  };
}
