const FULL = {
  predictions: { rounds: 3, warmUpSeconds: 2, seconds: 2 },
  openLoop: { rounds: 3, warmUpSeconds: 2, peakSeconds: 4, seconds: 10 },
  heavy: { rounds: 3, throughputSeconds: 5, saturationSeconds: 8, probesPerSecond: 50 },
  overload: { warmUpSeconds: 5, peakSeconds: 5, seconds: 60, budgetMs: 1000, probesPerSecond: 20 },
  workers: { rounds: 3, warmUpSeconds: 3, seconds: 6 },
  start: { rounds: 11 },
  memory: { rounds: 3, firstPredictions: 10_000, predictions: 1_000_000, furtherPredictions: 3_000_000 },
  cost: { rounds: 3, milliseconds: 1000 },
};

/** Shows that everything runs. Its figures are worth nothing. */
const QUICK: typeof FULL = {
  predictions: { rounds: 1, warmUpSeconds: 1, seconds: 1 },
  openLoop: { rounds: 1, warmUpSeconds: 1, peakSeconds: 1, seconds: 1 },
  heavy: { rounds: 1, throughputSeconds: 1, saturationSeconds: 1, probesPerSecond: 50 },
  overload: { warmUpSeconds: 1, peakSeconds: 1, seconds: 2, budgetMs: 1000, probesPerSecond: 20 },
  workers: { rounds: 1, warmUpSeconds: 1, seconds: 1 },
  start: { rounds: 1 },
  memory: { rounds: 1, firstPredictions: 1000, predictions: 10_000, furtherPredictions: 20_000 },
  cost: { rounds: 1, milliseconds: 100 },
};

export const IS_QUICK = process.argv.includes('--quick');

/** How long and how often everything is measured; the full plan takes about 20 minutes. */
export const PLAN = IS_QUICK ? QUICK : FULL;
