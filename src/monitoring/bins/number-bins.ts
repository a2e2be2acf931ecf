import { nextAbove } from '../../instruments/adjacent-floats.js';
import type { NumberFeature } from '../../bundle/feature.js';
import type { Histogram, NumberStatistics } from '../../bundle/manifest.js';
import type { Bin, BinCount, NumberBins } from './bin.js';
import { joinSparse, joinTo, sum } from './join-bins.js';
import { missingBin } from './missing-bin.js';

const SHORT_DIGITS = 6;

/** The bins of the training's histogram, those with few rows joined, and what lies below, above or is missing. */
export class NumberBinPlan {
  private readonly histogram: Histogram;
  private readonly before: readonly Bin[];
  private readonly after: readonly Bin[];
  private readonly range: { readonly minimum: number; readonly maximum: number };

  constructor(feature: NumberFeature, { minimum, maximum, histogram, missing_ratio }: NumberStatistics) {
    this.histogram = joinSparse(histogram);
    const { edges } = this.histogram;
    const last = edges.at(-1) ?? NaN;
    // The last edge of whole numbers is one above the greatest.
    this.range = {
      minimum: Math.min(minimum, edges[1] ?? NaN),
      maximum: maximum >= (edges.at(-2) ?? NaN) ? Math.min(maximum, last) : last,
    };
    const { range } = this;
    this.before =
      feature.minimum < range.minimum
        ? [{ kind: 'below', label: `below ${short(range.minimum)}`, referenceRows: 0 }]
        : [];
    this.after = [
      ...(feature.maximum > range.maximum
        ? [{ kind: 'above' as const, label: `above ${short(range.maximum)}`, referenceRows: 0 }]
        : []),
      ...missingBin(feature, missing_ratio, sum(histogram.counts)),
    ];
  }

  get size(): BinCount {
    return { known: this.histogram.counts.length, others: this.before.length + this.after.length };
  }

  /** @param maxKnown bins of values that the training has */
  bins(maxKnown: number): NumberBins {
    const { before, after, range } = this;
    const { edges, counts } = joinTo(this.histogram, maxKnown);
    const inner = edges.slice(1, -1);
    const labels = rangeLabels([range.minimum, ...inner, range.maximum]);
    const known = counts.map((referenceRows, bin): Bin => {
      const label = labels[bin] ?? '';
      return { kind: 'known', label, referenceRows };
    });
    const bins = [...before, ...known, ...after];
    return {
      type: 'numbers',
      bins,
      lowerBounds: Float64Array.from([
        ...(before.length > 0 ? [range.minimum] : []),
        ...inner,
        ...(after[0]?.kind === 'above' ? [nextAbove(range.maximum)] : []),
      ]),
      missing: bins.findIndex(({ kind }) => kind === 'missing'),
    };
  }
}

/** Bins of an axis from the first edge to the last, both included. */
export function rangeLabels(edges: readonly number[]): string[] {
  const shortened = edges.map(short);
  const texts = new Set(shortened).size === new Set(edges).size ? shortened : edges.map(String);
  return texts.slice(1).map((upper, bin) => {
    const isLast = bin === texts.length - 2;
    return `[${texts[bin] ?? ''}, ${upper}${isLast ? ']' : ')'}`;
  });
}

/** 30.000000000000004 is for machines. */
function short(value: number): string {
  return String(Number(value.toPrecision(SHORT_DIGITS)));
}
