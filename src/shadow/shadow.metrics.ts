import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { durationBounds } from '../instruments/duration-bounds.js';
import { HistogramMetric, type Series } from '../instruments/histogram-metric.js';
import { LabelCounter } from '../instruments/label-counter.js';
import type { Candidate } from './candidate.js';

const TWENTIETHS = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);
export const DIFFERENCE_BOUNDS = [0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** Whether the candidate says churn where the served model does not, or not where it does. */
export type LabelFlip = 'to_churn' | 'to_no_churn';
export type TierMove = 'up' | 'down';

/** Counts how the candidate agrees with the served model. */
@Injectable()
export class ShadowMetrics {
  private readonly rows: LabelCounter;
  private readonly labelFlips: LabelCounter;
  private readonly tierMoves: LabelCounter;
  private readonly probabilities: Series;
  private readonly differences: Series;
  private readonly passDurations: Series;

  constructor(private readonly registry: Registry) {
    this.rows = new LabelCounter(registry, {
      name: 'shadow_rows_total',
      help: 'Rows for the candidate, by outcome: compared, dropped because there was no time, or failed.',
      label: 'outcome',
      values: ['compared', 'dropped', 'failed'],
    });
    this.labelFlips = new LabelCounter(registry, {
      name: 'shadow_label_flips_total',
      help: 'Compared rows whose prediction the candidate would change, by direction.',
      label: 'direction',
      values: ['to_churn', 'to_no_churn'] satisfies LabelFlip[],
    });
    this.tierMoves = new LabelCounter(registry, {
      name: 'shadow_tier_moves_total',
      help: 'Compared rows whose risk tier the candidate would change, by direction.',
      label: 'direction',
      values: ['up', 'down'] satisfies TierMove[],
    });
    this.probabilities = new HistogramMetric(registry, {
      name: 'shadow_probability',
      help: 'Probabilities that the candidate gave.',
      upperBounds: TWENTIETHS,
    }).labels();
    this.differences = new HistogramMetric(registry, {
      name: 'shadow_difference',
      help: "Absolute differences between the candidate's probabilities and those that were served.",
      upperBounds: DIFFERENCE_BOUNDS,
    }).labels();
    this.passDurations = new HistogramMetric(registry, {
      name: 'shadow_pass_duration_seconds',
      help: 'Time of a forward pass of the candidate.',
      upperBounds: durationBounds(0.00001),
    }).labels();
  }

  /** @param candidate undefined if its bundle could not be read */
  watch(candidate: Candidate | undefined, isReady: () => boolean): void {
    const info = new Gauge({
      name: 'shadow_model_info',
      help: 'The candidate; always 1.',
      labelNames: ['name', 'version', 'sha256'],
      aggregator: 'max',
      registers: [this.registry],
    });
    if (candidate !== undefined) {
      const { name, version, sha256 } = candidate;
      info.set({ name, version, sha256 }, 1);
    }
    new Gauge({
      name: 'shadow_ready',
      help: 'Processes whose candidate is proven and takes rows.',
      registers: [this.registry],
      collect() {
        this.set(Number(isReady()));
      },
    });
  }

  dropped(rowCount: number): void {
    this.rows.count('dropped', rowCount);
  }

  failed(rowCount: number): void {
    this.rows.count('failed', rowCount);
  }

  passed(durationMs: number): void {
    this.passDurations.observe(durationMs / 1000);
  }

  compared(served: number, candidate: number): void {
    this.rows.count('compared');
    this.probabilities.observe(candidate);
    this.differences.observe(Math.abs(candidate - served));
  }

  flipped(flip: LabelFlip): void {
    this.labelFlips.count(flip);
  }

  moved(move: TierMove): void {
    this.tierMoves.count(move);
  }
}
