import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { ModelBundle } from '../bundle/model-bundle.js';
import { layoutOf } from '../model/feature-table.js';
import { MODEL_BUNDLE } from '../model/model.service.js';
import { ScoredRowsFeed } from '../prediction/scored-rows-feed.js';
import { BinCounter } from './bin-counter.js';
import { type DriftBins, driftBinsOf, MAX_FEATURE_BINS } from './bins/drift-bins.js';
import { CountsOverTime } from './counts-over-time.js';
import { DriftMetrics } from './drift.metrics.js';
import { DriftReport } from './drift-report.js';
import type { DriftReportDto } from './dto/drift-report.dto.js';
import { WINDOWS } from './windows.js';

/** Counts what is scored in the bins of the training, and compares the two. */
@Injectable()
export class DriftService implements OnApplicationBootstrap {
  private readonly bins: DriftBins;
  private readonly windows: DriftReport;

  constructor(
    @Inject(MODEL_BUNDLE) private readonly bundle: ModelBundle,
    private readonly scoredRows: ScoredRowsFeed,
    private readonly metrics: DriftMetrics,
    private readonly counts: CountsOverTime,
    @InjectPinoLogger(DriftService.name) private readonly logger: PinoLogger,
  ) {
    this.bins = driftBinsOf(bundle.manifest, bundle.contract);
    this.windows = new DriftReport(this.bins);
  }

  onApplicationBootstrap(): void {
    const { manifest } = this.bundle;
    const counter = new BinCounter(this.bins, layoutOf(manifest));
    this.metrics.register(this.bins, counter);
    this.scoredRows.watch(
      ({ table, probabilities }) => {
        counter.count(table, probabilities);
      },
      { keepsRows: false },
    );
    const stated = manifest.features.filter(({ statistics }) => statistics !== undefined).length;
    const watched = this.bins.features.length;
    if (watched < stated) {
      this.logger.warn(
        { watched, features: stated, max_bins: MAX_FEATURE_BINS },
        'drift is watched of the first features only: there are too many for all',
      );
    }
  }

  async report(): Promise<DriftReportDto> {
    const { reference, unwatched } = this.bins;
    const counted = await this.counts.since(WINDOWS.map(({ ms }) => ms));
    return {
      model_version: this.bundle.version,
      reference,
      unwatched_features: unwatched,
      windows: WINDOWS.flatMap(({ name }, index) => {
        const window = counted[index];
        return window === undefined ? [] : [this.windows.window(name, window)];
      }),
    };
  }
}
