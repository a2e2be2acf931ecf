/** A line for each event that a stranger can cause would help to fill the disk. */
const LOG_INTERVAL_MS = 10_000;

/** Counts events, and has them logged every 10 s at most. */
export class CountedEvents {
  private count = 0;
  private loggedAtMs = -Infinity;

  /** @param log is told how many there were since the start, if a line is due */
  add(log: (count: number) => void): void {
    this.count++;
    const nowMs = performance.now();
    if (nowMs - this.loggedAtMs >= LOG_INTERVAL_MS) {
      this.loggedAtMs = nowMs;
      log(this.count);
    }
  }
}
