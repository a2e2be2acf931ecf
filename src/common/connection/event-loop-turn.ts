const LEAST_ALLOWANCE_MS = 1;
const GROWTH = 1.1;

/**
 * Bounds how long the event loop reads requests before it computes and sends their answers. What arrives meanwhile waits
 * for its next turn.
 *
 * All is measured in CPU time of the thread: while it waits for the machine nothing is gained by refusing requests.
 */
export class EventLoopTurn {
  private isReading = false;
  private startedAtMs = 0;
  private cpuMsAtStart = 0;
  /** Time in which requests are taken in. It shrinks until to read and refuse what comes after them is short enough too. */
  private allowanceMs: number;

  constructor(private readonly longestMs: number) {
    this.allowanceMs = longestMs;
  }

  /** To be asked for each request. @returns whether this turn has taken enough in */
  isFull(): boolean {
    if (!this.isReading) {
      this.start();
    }
    return this.isOverMs(this.allowanceMs);
  }

  private start(): void {
    this.isReading = true;
    this.cpuMsAtStart = cpuMs();
    this.startedAtMs = performance.now();
    // Runs when all that had arrived is read.
    setImmediate(() => {
      this.end();
    });
  }

  private end(): void {
    this.isReading = false;
    const readingMs = this.isOverMs(this.longestMs) ? this.cpuTimeMs() : 0;
    this.allowanceMs =
      readingMs > 0
        ? Math.max((this.allowanceMs * this.longestMs) / readingMs, LEAST_ALLOWANCE_MS)
        : Math.min(this.allowanceMs * GROWTH, this.longestMs);
  }

  /** The clock is cheaper to read, and never behind the CPU time. */
  private isOverMs(longestMs: number): boolean {
    return performance.now() - this.startedAtMs > longestMs && this.cpuTimeMs() > longestMs;
  }

  private cpuTimeMs(): number {
    return cpuMs() - this.cpuMsAtStart;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
