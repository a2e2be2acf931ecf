import type { CountsInWindow } from '../instruments/count-history.js';
import type { Bin, BinKind } from './bins/bin.js';
import type { DriftBins } from './bins/drift-bins.js';
import { FEATURE_ROWS, SCORE_ROWS } from './drift-counters.js';
import type { DriftWindowDto } from './dto/drift-window.dto.js';
import type { DriftDto } from './dto/drift.dto.js';
import type { FeatureDriftDto } from './dto/feature-drift.dto.js';
import { psiOf } from './psi.js';
import { ChanceBound, verdictOf } from './verdict.js';
import type { WindowName } from './windows.js';

/** Judges the counts of a window. */
export class DriftReport {
  private readonly chance: ChanceBound;

  constructor(private readonly watched: DriftBins) {
    this.chance = new ChanceBound(watched.features.length + (watched.scores === undefined ? 0 : 1));
  }

  window(name: WindowName, { coveredMs, counts }: CountsInWindow): DriftWindowDto {
    const { features, scores, reference } = this.watched;
    const rowsIn = new Map(
      counts
        .filter(({ labels }) => labels['reference'] === reference)
        .map(({ name: counter, labels: { feature, kind, bin }, value }) => [
          key(counter, feature, kind, bin),
          value,
        ]),
    );
    const live = (counter: string, feature: string | undefined, bins: readonly Bin[]): number[] =>
      bins.map(({ kind, label }) => rowsIn.get(key(counter, feature, kind, label)) ?? 0);
    const featureDrifts = features.map(({ name: feature, bins: { bins } }) =>
      this.feature(feature, bins, live(FEATURE_ROWS, feature, bins)),
    );
    const scoreRows = live(SCORE_ROWS, undefined, scores?.bins ?? []);
    const rows =
      featureDrifts[0]?.bins.reduce((sum, { live_rows }) => sum + live_rows, 0) ?? total(scoreRows);
    return {
      window: name,
      covered_seconds: Math.round(coveredMs) / 1000,
      rows,
      drifted_features: featureDrifts
        .filter(({ verdict }) => verdict === 'moderate' || verdict === 'significant')
        .map((drift) => drift.name),
      ...(scores !== undefined && { scores: this.drift(scores.bins, scoreRows) }),
      features: featureDrifts,
    };
  }

  private feature(name: string, bins: readonly Bin[], live: readonly number[]): FeatureDriftDto {
    const liveRows = total(live);
    const ratio = (...kinds: readonly BinKind[]): number =>
      total(live.filter((_, bin) => kinds.includes(bins[bin]?.kind ?? 'known'))) / liveRows;
    const ratios = {
      missing_ratio: ratio('missing'),
      unknown_ratio: ratio('unknown'),
      out_of_range_ratio: ratio('below', 'above'),
    };
    return Object.assign({ name, ...(liveRows > 0 && ratios) }, this.drift(bins, live));
  }

  private drift(bins: readonly Bin[], live: readonly number[]): DriftDto {
    const reference = bins.map(({ referenceRows }) => referenceRows);
    const histograms = bins.map(({ kind, label, referenceRows }, bin) => ({
      kind,
      bin: label,
      training_rows: referenceRows,
      live_rows: live[bin] ?? 0,
    }));
    const liveRows = total(live);
    if (liveRows === 0) {
      return { verdict: 'too_few_rows', bins: histograms };
    }
    const { psi, degreesOfFreedom } = psiOf(live, reference);
    const byChance = this.chance.psi(liveRows, total(reference), degreesOfFreedom);
    return { verdict: verdictOf(psi, byChance), psi, psi_by_chance: byChance, bins: histograms };
  }
}

function key(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
