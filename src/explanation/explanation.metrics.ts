import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { durationBounds } from '../instruments/duration-bounds.js';
import { HistogramMetric, type Series } from '../instruments/histogram-metric.js';
import { LabelCounter } from '../instruments/label-counter.js';
import type { Reasons } from './explainer.js';

/** Counts and times explanations. */
@Injectable()
export class ExplanationMetrics {
  private readonly methods: LabelCounter;
  private readonly evaluations: Counter;
  private readonly durations: Series;

  constructor(registry: Registry) {
    this.methods = new LabelCounter(registry, {
      name: 'explanations_total',
      help: 'Customers whose score was explained, by method.',
      label: 'method',
      values: ['exact', 'sampled'],
    });
    this.evaluations = new Counter({
      name: 'explanation_model_evaluations_total',
      help: 'Rows that the model scored for explanations.',
      registers: [registry],
    });
    this.durations = new HistogramMetric(registry, {
      name: 'explanation_duration_seconds',
      help: 'Time from valid customers to the reasons of their scores, the wait for predictions included.',
      upperBounds: durationBounds(0.001),
    }).labels();
  }

  /** @param durationMs of one request */
  explained(reasons: readonly Reasons[], durationMs: number): void {
    this.durations.observe(durationMs / 1000);
    for (const { kind, evaluationCount } of reasons) {
      this.methods.count(kind);
      this.evaluations.inc(evaluationCount);
    }
  }
}
