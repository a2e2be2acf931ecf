import type { Metric, Registry } from 'prom-client';

export interface ArrayMetricOptions {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** Of each series. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** Of each series, in the same order. Whoever counts writes into it. */
  readonly values: ArrayLike<number>;
}

/** A metric of prom-client's registry whose values stand in an array, so that to count is to add 1 to an element. */
export function registerArrayMetric(
  registry: Registry,
  { name, help, type, labels, values }: ArrayMetricOptions,
): void {
  // All that a registry asks of a metric.
  const metric = {
    name,
    get: () =>
      Promise.resolve({
        name,
        help,
        type,
        // All processes of one service have the same gauges.
        aggregator: type === 'counter' ? 'sum' : 'first',
        values: labels.map((ofSeries, index) => ({ labels: ofSeries, value: values[index] ?? 0 })),
      }),
  };
  registry.registerMetric(metric as unknown as Metric);
}
