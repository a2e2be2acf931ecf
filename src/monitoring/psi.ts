/** In place of the zero rows of a bin that is empty on one side, since the logarithm of zero is infinite. */
export const EMPTY_BIN_ROWS = 0.5;

export interface Psi {
  readonly psi: number;
  /** Of the chi-squared distribution that PSI follows without a drift. */
  readonly degreesOfFreedom: number;
}

/**
 * The population stability index: the sum over the bins of (live - reference) x ln(live / reference), where live and reference
 * are shares of the rows. A bin that is empty on one side counts as half a row there; one that is empty on both is left out.
 *
 * The rules in deploy/prometheus and test/python compute it in the same way.
 *
 * @param live rows in each bin; at least one row in all
 * @param reference rows in each bin; at least one row in all
 */
export function psiOf(live: readonly number[], reference: readonly number[]): Psi {
  const liveRows = live.reduce((sum, rows) => sum + rows, 0);
  const referenceRows = reference.reduce((sum, rows) => sum + rows, 0);
  let psi = 0;
  let binCount = 0;
  live.forEach((inLive, bin) => {
    const inReference = reference[bin] ?? 0;
    if (inLive > 0 || inReference > 0) {
      const liveShare = (inLive || EMPTY_BIN_ROWS) / liveRows;
      const referenceShare = (inReference || EMPTY_BIN_ROWS) / referenceRows;
      psi += (liveShare - referenceShare) * Math.log(liveShare / referenceShare);
      binCount++;
    }
  });
  return { psi, degreesOfFreedom: binCount - 1 };
}
