/** How long and how often everything is measured; the whole takes about 20 minutes. */
export const PLAN = {
  predictions: { rounds: 3, warmUpSeconds: 2, seconds: 2 },
  openLoop: { rounds: 3, warmUpSeconds: 2, peakSeconds: 4, seconds: 10 },
  heavy: { rounds: 3, throughputSeconds: 5, saturationSeconds: 8, probesPerSecond: 50 },
  overload: { warmUpSeconds: 5, peakSeconds: 5, seconds: 60, budgetMs: 1000, probesPerSecond: 20 },
  workers: { rounds: 3, warmUpSeconds: 3, seconds: 6 },
  start: { rounds: 11 },
  memory: { rounds: 3, firstPredictions: 10_000, predictions: 1_000_000, furtherPredictions: 3_000_000 },
  cost: { rounds: 3, warmUpSeconds: 2, seconds: 2, inProcessMs: 1000 },
} as const;
