import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { registerArrayMetric } from '../instruments/array-metric.js';
import type { BinCounter } from './bin-counter.js';
import type { Bin } from './bins/bin.js';
import type { DriftBins } from './bins/drift-bins.js';
import { FEATURE_ROWS, SCORE_ROWS } from './drift-counters.js';

type Labels = Readonly<Record<string, string>>;

/** Shows how many rows fell into which bin, beside those of the training. */
@Injectable()
export class DriftMetrics {
  constructor(private readonly registry: Registry) {}

  register({ features, scores, reference }: DriftBins, counter: BinCounter): void {
    const labels = features.flatMap(({ name, bins }) =>
      bins.bins.map((bin): Labels => ({ feature: name, ...binLabels(bin), reference })),
    );
    registerArrayMetric(this.registry, {
      name: FEATURE_ROWS,
      help: 'Scored rows, by the bin of the value of a feature.',
      type: 'counter',
      labels,
      values: counter.features,
    });
    registerArrayMetric(this.registry, {
      name: 'feature_reference_rows',
      help: 'Rows of the training, by the bin of the value of a feature.',
      type: 'gauge',
      labels,
      values: features.flatMap(({ bins }) => bins.bins.map(({ referenceRows }) => referenceRows)),
    });
    registerArrayMetric(this.registry, {
      name: SCORE_ROWS,
      help: 'Scored rows, by the bin of their probability.',
      type: 'counter',
      labels: (scores?.bins ?? []).map((bin) => ({ ...binLabels(bin), reference })),
      values: counter.scores,
    });
  }
}

function binLabels({ kind, label }: Bin): Labels {
  return { kind, bin: label };
}
