import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../test/support/training-customers.js';
import { contractOf } from '../bundle/contract.js';
import type { ModelManifest } from '../bundle/manifest.js';
import { driftBinsOf } from './bins/drift-bins.js';
import { psiOf } from './psi.js';
import { ChanceBound, FALSE_ALARM_RATE, verdictOf } from './verdict.js';

describe('verdictOf', () => {
  it.each([
    [0.09, 0.01, 'stable'],
    [0.1, 0.01, 'moderate'],
    [0.25, 0.2, 'moderate'],
    [0.26, 0.2, 'significant'],
    [5, 4, 'significant'],
    // Chance explains it.
    [0.2, 0.21, 'too_few_rows'],
    [3, 4, 'too_few_rows'],
    // Chance could hide a significant drift.
    [0.01, 0.26, 'too_few_rows'],
  ] as const)('calls a PSI of %d, of which chance explains %d, %s', (psi, byChance, verdict) => {
    expect(verdictOf(psi, byChance)).toBe(verdict);
  });
});

/** Draws so many rows from a distribution over bins. */
function draw(shares: readonly number[], rowCount: number, random: () => number): number[] {
  const counts = Array<number>(shares.length).fill(0);
  for (let row = 0; row < rowCount; row++) {
    let rest = random();
    let bin = 0;
    while (bin < shares.length - 1 && rest >= (shares[bin] ?? 0)) {
      rest -= shares[bin] ?? 0;
      bin++;
    }
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Of as many reports that judge all features and the scores, as if these were independent, which gives the most alarms. */
function falseAlarmRate(name: string, rowCount: number, reportCount: number): number {
  const manifest = JSON.parse(readFileSync(`models/${name}.manifest.json`, 'utf8')) as ModelManifest;
  const { features, scores } = driftBinsOf(manifest, contractOf(manifest));
  const watched = [...features.map(({ bins }) => bins), ...(scores === undefined ? [] : [scores])];
  const chance = new ChanceBound(watched.length);
  const random = randomOf(rowCount);
  const alarms = Array.from({ length: reportCount }, () =>
    watched.some(({ bins }) => {
      const trained = bins.map(({ referenceRows }) => referenceRows);
      const trainedRows = trained.reduce((sum, count) => sum + count, 0);
      const shares = trained.map((count) => count / trainedRows);
      const { psi, degreesOfFreedom } = psiOf(draw(shares, rowCount, random), trained);
      const verdict = verdictOf(psi, chance.psi(rowCount, trainedRows, degreesOfFreedom));
      return verdict === 'moderate' || verdict === 'significant';
    }),
  );
  return alarms.filter(Boolean).length / reportCount;
}

describe('ChanceBound', () => {
  const rowCounts = [30, 100, 300, 1000];
  const models = ['churn_model', 'telco/telco_model'];

  it.each(models.flatMap((name) => rowCounts.map((rowCount) => [name, rowCount] as const)))(
    'lets one report in a hundred at most about %s name a drift that is none, after %d rows',
    (name, rowCount) => {
      const reportCount = 1000;
      const rate = falseAlarmRate(name, rowCount, reportCount);
      const standardError = Math.sqrt((FALSE_ALARM_RATE * (1 - FALSE_ALARM_RATE)) / reportCount);
      expect(rate).toBeLessThan(FALSE_ALARM_RATE + 3 * standardError);
    },
  );
});
