import type { Metric, Registry } from 'prom-client';
import { BinSearch } from './bin-search.js';
import { nextAbove, nextBelow } from './adjacent-floats.js';

type Labels = Readonly<Record<string, string>>;

export interface HistogramMetricOptions {
  readonly name: string;
  readonly help: string;
  /** In ascending order. Greater values go into the bucket +Inf. */
  readonly upperBounds: readonly number[];
  /** Whether a value at a bound goes into the bucket after it, as in the histograms of a bundle. */
  readonly areBoundsExclusive?: boolean;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** The observations under one combination of labels. */
export class Series {
  private sum = 0;
  /** Of each bucket alone; the last is +Inf. */
  private readonly counts: Float64Array;
  private search: BinSearch | undefined;

  /** @param greatest values of all buckets but the last, whose `le` are the upper bounds */
  constructor(
    private readonly upperBounds: readonly number[],
    private readonly greatest: readonly number[],
    private readonly labels: Labels,
  ) {
    this.counts = new Float64Array(upperBounds.length + 1);
  }

  observe(value: number): void {
    let bucket = 0;
    while (value > (this.greatest[bucket] ?? Infinity)) {
      bucket++;
    }
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += value;
  }

  /** As `observe` for each value, in less time. */
  observeAll(values: Float64Array): void {
    // A value is in a bucket if it is above what those before hold, and in a bin if it is not below its bounds.
    this.search ??= new BinSearch(Float64Array.from(this.greatest, nextAbove));
    this.search.count({ cells: values, first: 0, width: 1 }, this.counts, 0, 0);
    let { sum } = this;
    // A loop over the values themselves takes ten times as long.
    const { length } = values;
    for (let index = 0; index < length; index++) {
      sum += values[index] ?? NaN;
    }
    this.sum = sum;
  }

  values(name: string): Sample[] {
    let count = 0;
    const buckets = Array.from(this.counts, (inBucket, bucket) => {
      count += inBucket;
      const le = String(this.upperBounds[bucket] ?? '+Inf');
      return { metricName: `${name}_bucket`, labels: { le, ...this.labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.labels, value: this.sum },
      { metricName: `${name}_count`, labels: this.labels, value: count },
    ];
  }
}

/**
 * A histogram of prom-client's registry. prom-client's own takes 0.2 us for a value, and 0.45 with labels, since it checks and
 * joins them each time: 22 us for the probabilities of a batch of 100. This one takes 0.03.
 */
export class HistogramMetric {
  private readonly series = new Map<string, Series>();

  constructor(
    registry: Registry,
    private readonly options: HistogramMetricOptions,
  ) {
    const { name, help } = options;
    // All that a registry asks of a metric.
    const metric = {
      name,
      get: () => Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values: this.values() }),
    };
    registry.registerMetric(metric as unknown as Metric);
  }

  /** The series of these labels, to be kept by who observes often. */
  labels(labels: Labels = {}): Series {
    const key = Object.values(labels).join('\n');
    let series = this.series.get(key);
    if (series === undefined) {
      const { upperBounds, areBoundsExclusive = false } = this.options;
      series = new Series(upperBounds, areBoundsExclusive ? upperBounds.map(nextBelow) : upperBounds, labels);
      this.series.set(key, series);
    }
    return series;
  }

  private values(): Sample[] {
    return [...this.series.values()].flatMap((series) => series.values(this.options.name));
  }
}
