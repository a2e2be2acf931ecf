/** Measures how long the event loop has been working on the requests that it took in, in its present turn. */
export class EventLoopTurn {
  private startedAtMs: number | undefined;
  private cpuAtStart = process.threadCpuUsage();

  /**
   * To be called for each request.
   *
   * @returns whether the turn takes longer than this, by the clock and by the thread's CPU time: if it waited for the
   * machine instead, what is left of it will soon be done
   */
  isLongerThan(limitMs: number): boolean {
    const nowMs = performance.now();
    if (this.startedAtMs === undefined) {
      this.startedAtMs = nowMs;
      this.cpuAtStart = process.threadCpuUsage();
      // Runs when the loop has taken in all that had arrived.
      setImmediate(() => {
        this.startedAtMs = undefined;
      });
    }
    return nowMs - this.startedAtMs > limitMs && this.cpuTimeMs() > limitMs;
  }

  private cpuTimeMs(): number {
    const { user, system } = process.threadCpuUsage(this.cpuAtStart);
    return (user + system) / 1000;
  }
}
