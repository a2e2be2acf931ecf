import type { BooleanFeature } from '../../bundle/feature.js';
import type { CountStatistics } from '../../bundle/manifest.js';
import type { BinCount, NumberBins } from './bin.js';
import { missingBin } from './missing-bin.js';

/** False, true and missing. The table of features holds them as 0, 1 and NaN. */
export class BooleanBinPlan {
  readonly size: BinCount;

  constructor(
    private readonly feature: BooleanFeature,
    private readonly statistics: CountStatistics,
  ) {
    // Two bins cannot be joined to one that says anything.
    this.size = { known: 1, others: feature.nullable ? 2 : 1 };
  }

  bins(): NumberBins {
    const { counts, missing_ratio } = this.statistics;
    const { false: no = 0, true: yes = 0 } = counts;
    const missing = missingBin(this.feature, missing_ratio, no + yes);
    return {
      type: 'numbers',
      bins: [
        { kind: 'known', label: 'false', referenceRows: no },
        { kind: 'known', label: 'true', referenceRows: yes },
        ...missing,
      ],
      lowerBounds: new Float64Array([1]),
      missing: missing.length === 0 ? -1 : 2,
    };
  }
}
