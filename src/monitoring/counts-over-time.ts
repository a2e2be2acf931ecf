import { type CountedMetrics, CountHistory, type CountsInWindow } from '../instruments/count-history.js';
import { FEATURE_ROWS, SCORE_ROWS } from './drift-counters.js';
import { LONGEST_WINDOW_MS } from './windows.js';

/** With 2,000 bins a day takes 5 MB. */
const RECORDED_EVERY_MS = 300_000;

/** What all processes of the service counted over time. */
export abstract class CountsOverTime {
  /** @returns what was counted in each of these windows, which end now */
  abstract since(windowsMs: readonly number[]): Promise<readonly CountsInWindow[]>;
}

/** Stands where the metrics of all processes come together: in the one process, or in the supervisor. */
export class RecordedCounts extends CountsOverTime {
  private readonly history = new CountHistory([FEATURE_ROWS, SCORE_ROWS], LONGEST_WINDOW_MS);

  constructor(private readonly metrics: () => Promise<CountedMetrics>) {
    super();
    setInterval(() => void this.record(), RECORDED_EVERY_MS).unref();
  }

  async since(windowsMs: readonly number[]): Promise<readonly CountsInWindow[]> {
    const metrics = await this.metrics();
    return windowsMs.map((windowMs) => this.history.since(windowMs, metrics));
  }

  private async record(): Promise<void> {
    try {
      this.history.record(await this.metrics());
    } catch {
      // Without this sample windows are longer by an interval.
    }
  }
}
