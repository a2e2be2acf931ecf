/** A counter's value under one combination of labels. */
export interface CountSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** What was counted in a time that ends now. */
export interface CountsInWindow {
  /** How long it is: from an interval longer than was asked for to as short as the history. */
  readonly coveredMs: number;
  readonly counts: readonly CountSample[];
}

/** All metrics, as prom-client gives them. */
export type CountedMetrics = readonly {
  readonly name: string;
  readonly values: readonly {
    readonly labels: Readonly<Record<string, string | number | undefined>>;
    readonly value: number;
  }[];
}[];

interface Sample {
  readonly atMs: number;
  /** Of each series, in their order. */
  readonly totals: Float64Array;
}

/**
 * Remembers at intervals how far some counters were, so that it can tell what they counted since. Holds 8 bytes for each
 * series and interval. A series that is gone from the metrics is forgotten; one that is new had counted nothing before.
 */
export class CountHistory {
  private readonly samples: Sample[];
  private series: readonly CountSample[] = [];

  /**
   * @param names of the counters
   * @param keptMs the longest window that is asked for
   */
  constructor(
    private readonly names: readonly string[],
    private readonly keptMs: number,
    startMs = performance.now(),
  ) {
    this.samples = [{ atMs: startMs, totals: new Float64Array() }];
  }

  record(metrics: CountedMetrics, nowMs = performance.now()): void {
    this.samples.push({ atMs: nowMs, totals: this.align(metrics) });
    // One that is older than the window is needed: the window begins with it.
    while ((this.samples[1]?.atMs ?? Infinity) <= nowMs - this.keptMs) {
      this.samples.shift();
    }
  }

  /** @param metrics as they are now */
  since(windowMs: number, metrics: CountedMetrics, nowMs = performance.now()): CountsInWindow {
    const now = this.align(metrics);
    const start = this.samples.findLast(({ atMs }) => atMs <= nowMs - windowMs) ?? this.samples[0];
    return {
      coveredMs: nowMs - (start?.atMs ?? nowMs),
      counts: this.series.map(({ name, labels }, index) => ({
        name,
        labels,
        value: (now[index] ?? 0) - (start?.totals[index] ?? 0),
      })),
    };
  }

  /** Brings all samples into the order of the series that there are now. @returns the totals of these */
  private align(metrics: CountedMetrics): Float64Array {
    const series = seriesOf(metrics, this.names);
    const keys = series.map(keyOf);
    const former = this.series.map(keyOf);
    if (keys.length !== former.length || keys.some((key, index) => key !== former[index])) {
      const positions = new Map(former.map((key, index) => [key, index]));
      this.samples.forEach(({ atMs, totals }, index) => {
        const aligned = Float64Array.from(keys, (key) => totals[positions.get(key) ?? -1] ?? 0);
        this.samples[index] = { atMs, totals: aligned };
      });
    }
    this.series = series;
    return Float64Array.from(series, ({ value }) => value);
  }
}

function seriesOf(metrics: CountedMetrics, names: readonly string[]): CountSample[] {
  return metrics
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, values }) =>
      values.map(({ labels, value }) => ({ name, labels: labels as CountSample['labels'], value })),
    );
}

function keyOf({ name, labels }: CountSample): string {
  return JSON.stringify([name, labels]);
}
