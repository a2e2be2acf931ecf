import { Counter, type Registry } from 'prom-client';

export interface LabelCounterOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** Values of the label that are there from the start, so that the first count shows in a rate. */
  readonly values: readonly string[];
}

/** A counter with one label, which counts in a tenth of the time that prom-client's takes, and hands over when it is scraped. */
export class LabelCounter {
  private readonly counts = new Map<string, number>();

  constructor(registry: Registry, { name, help, label, values }: LabelCounterOptions) {
    const { counts } = this;
    values.forEach((value) => counts.set(value, 0));
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        for (const [value, count] of counts) {
          this.inc({ [label]: value }, count);
          counts.set(value, 0);
        }
      },
    });
  }

  count(value: string, times = 1): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + times);
  }
}
