import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import type { Histogram } from '../bundle/manifest.js';
import { durationBounds } from '../instruments/duration-bounds.js';
import { HistogramMetric, type Series } from '../instruments/histogram-metric.js';
import { LabelCounter } from '../instruments/label-counter.js';
import { RISK_TIERS } from './risk-tier.js';

const TWENTIETHS = Array.from({ length: 21 }, (_, edge) => edge / 20);

/** Counts and times predictions, and shows how their probabilities are distributed beside those of the training rows. */
@Injectable()
export class PredictionMetrics {
  private readonly encodeDurations: Series;
  private readonly durations: Series;
  private tiers: LabelCounter | undefined;
  private probabilities: Series | undefined;

  constructor(private readonly registry: Registry) {
    this.encodeDurations = new HistogramMetric(registry, {
      name: 'prediction_encode_duration_seconds',
      help: 'Time in which the customers of a request are turned into rows for the model.',
      upperBounds: durationBounds(0.00001),
    }).labels();
    this.durations = new HistogramMetric(registry, {
      name: 'prediction_duration_seconds',
      help: 'Time from valid customers to their scores: encoding, waiting and inference.',
      upperBounds: durationBounds(0.0001),
    }).labels();
  }

  encoded(durationMs: number): void {
    this.encodeDurations.observe(durationMs / 1000);
  }

  predicted(durationMs: number): void {
    this.durations.observe(durationMs / 1000);
  }

  scored(probability: number, riskTier: string): void {
    this.probabilities?.observe(probability);
    this.tiers?.count(riskTier);
  }

  /** As `scored` for each row. @param riskTiers indices of RISK_TIERS */
  scoredAll(probabilities: Float64Array, riskTiers: Uint8Array): void {
    this.probabilities?.observeAll(probabilities);
    const counts = new Int32Array(RISK_TIERS.length);
    const { length } = riskTiers;
    for (let row = 0; row < length; row++) {
      const tier = riskTiers[row] ?? 0;
      counts[tier] = (counts[tier] ?? 0) + 1;
    }
    RISK_TIERS.forEach((tier, index) => {
      this.tiers?.count(tier, counts[index]);
    });
  }

  /** @param reference probabilities of the training rows, if the manifest states them */
  register(riskTiers: readonly string[], reference: Histogram | undefined): void {
    this.tiers = new LabelCounter(this.registry, {
      name: 'churn_predictions_total',
      help: 'Customers that were scored, by risk tier.',
      label: 'risk_tier',
      values: riskTiers,
    });
    const { edges, counts } = reference ?? { edges: TWENTIETHS, counts: [] };
    // All probabilities are between the outer ones.
    const upperBounds = edges.slice(1, -1);
    this.probabilities = new HistogramMetric(this.registry, {
      name: 'churn_probability',
      help: 'Probabilities that were served, in the bins of the reference: each is below its le.',
      upperBounds,
      areBoundsExclusive: true,
    }).labels();
    if (reference !== undefined) {
      this.showReference(upperBounds, counts);
    }
  }

  private showReference(upperBounds: readonly number[], counts: readonly number[]): void {
    const gauge = new Gauge({
      name: 'churn_reference_probability_ratio',
      help: 'Share of the training rows whose probability is below le.',
      labelNames: ['le'],
      aggregator: 'first',
      registers: [this.registry],
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    let rows = 0;
    [...upperBounds, '+Inf'].forEach((le, bin) => {
      rows += counts[bin] ?? 0;
      gauge.set({ le: String(le) }, rows / total);
    });
  }
}
