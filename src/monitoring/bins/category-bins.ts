import type { CategoryFeature } from '../../bundle/feature.js';
import type { CountStatistics } from '../../bundle/manifest.js';
import type { Bin, BinCount, TextBins } from './bin.js';
import { sum } from './join-bins.js';
import { missingBin } from './missing-bin.js';

/** Each category that the model knows, any other, and missing. */
export class CategoryBinPlan {
  readonly size: BinCount;
  private readonly others: readonly Bin[];
  private readonly rowsOf: ReadonlyMap<string, number>;

  constructor(
    private readonly feature: CategoryFeature,
    { counts, missing_ratio }: CountStatistics,
  ) {
    const { categories, unknown } = feature;
    this.rowsOf = new Map(
      categories.map((category) => [category, Object.hasOwn(counts, category) ? (counts[category] ?? 0) : 0]),
    );
    this.others = [
      ...(unknown === 'accept' ? [{ kind: 'unknown' as const, label: 'unknown', referenceRows: 0 }] : []),
      ...missingBin(feature, missing_ratio, sum(this.rowsOf.values())),
    ];
    this.size = { known: this.rowsOf.size, others: this.others.length };
  }

  /** @param maxKnown bins of categories that the model knows; the rarest ones share the last */
  bins(maxKnown: number): TextBins {
    const { rowsOf, others } = this;
    const alone = rowsOf.size <= maxKnown ? [...rowsOf.keys()] : this.mostCommon(maxKnown - 1);
    const rest = [...rowsOf.keys()].filter((category) => !alone.includes(category));
    const bins: Bin[] = alone.map((label) => ({
      kind: 'known',
      label,
      referenceRows: rowsOf.get(label) ?? 0,
    }));
    const binOf = new Map(alone.map((category, bin) => [category, bin]));
    if (rest.length > 0) {
      rest.forEach((category) => binOf.set(category, bins.length));
      const referenceRows = sum(rest.map((category) => rowsOf.get(category) ?? 0));
      bins.push({ kind: 'known', label: `${rest.length} rare categories`, referenceRows });
    }
    bins.push(...others);
    const missing = bins.findIndex(({ kind }) => kind === 'missing');
    if (missing !== -1) {
      binOf.set(this.feature.missingText ?? '', missing);
    }
    return { type: 'texts', bins, binOf, unknown: bins.findIndex(({ kind }) => kind === 'unknown'), missing };
  }

  private mostCommon(count: number): string[] {
    const { rowsOf } = this;
    return [...rowsOf.keys()].toSorted((a, b) => (rowsOf.get(b) ?? 0) - (rowsOf.get(a) ?? 0)).slice(0, count);
  }
}
