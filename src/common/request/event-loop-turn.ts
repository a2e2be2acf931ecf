/** Measures how long the event loop has been taking requests in, in its present turn. */
export class EventLoopTurn {
  private startedAtMs: number | undefined;

  /** To be called for each request. An idle time, or one in which the whole machine stood still, does not count. */
  elapsedMs(): number {
    const nowMs = performance.now();
    if (this.startedAtMs === undefined) {
      this.startedAtMs = nowMs;
      // Runs when the loop has taken in all that had arrived.
      setImmediate(() => {
        this.startedAtMs = undefined;
      });
    }
    return nowMs - this.startedAtMs;
  }
}
