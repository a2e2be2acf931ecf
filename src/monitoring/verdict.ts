import { chiSquaredQuantile } from './chi-squared.js';

/** The customary bounds of PSI. */
export const MODERATE_PSI = 0.1;
export const SIGNIFICANT_PSI = 0.25;

/** How often, at most, a report without any drift names at least one of the things that it watches. */
export const FALSE_ALARM_RATE = 0.01;

/** The rate for which the bound is computed. Where bins expect few rows the distribution's tail is heavier than chi-squared's. */
const NOMINAL_RATE = 0.003;

export const VERDICTS = ['stable', 'moderate', 'significant', 'too_few_rows'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * The PSI that chance alone exceeds in so few reports. Without a drift PSI is about
 * (1 / live rows + 1 / reference rows) times a chi-squared variable of (bins - 1) degrees of freedom (Yurdakul and Naranjo,
 * Statistical properties of the population stability index, 2020). The rate is shared by all that is watched by Šidák's correction.
 */
export class ChanceBound {
  private readonly quantiles = new Map<number, number>();
  private readonly exceeded: number;

  /** @param watchedCount features and scores that a report judges */
  constructor(watchedCount: number) {
    this.exceeded = -Math.expm1(Math.log1p(-NOMINAL_RATE) / Math.max(1, watchedCount));
  }

  psi(liveRows: number, referenceRows: number, degreesOfFreedom: number): number {
    return (1 / liveRows + 1 / referenceRows) * this.quantile(degreesOfFreedom);
  }

  private quantile(degreesOfFreedom: number): number {
    const quantile =
      this.quantiles.get(degreesOfFreedom) ?? chiSquaredQuantile(this.exceeded, degreesOfFreedom);
    this.quantiles.set(degreesOfFreedom, quantile);
    return quantile;
  }
}

/**
 * A drift is named only if chance does not explain it. Nothing is called stable while chance could hide a significant drift.
 *
 * @param byChance the PSI that chance alone explains
 */
export function verdictOf(psi: number, byChance: number): Verdict {
  if (psi >= MODERATE_PSI && psi > byChance) {
    return psi > SIGNIFICANT_PSI ? 'significant' : 'moderate';
  }
  return psi >= MODERATE_PSI || byChance > SIGNIFICANT_PSI ? 'too_few_rows' : 'stable';
}
