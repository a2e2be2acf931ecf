const TARGET_SHARE = 0.25;

/**
 * Bounds how long the event loop takes requests in before it computes and sends their answers. The rest of those that have
 * arrived by then are to be refused.
 *
 * A burst may take the longest time. When every turn has taken more than a quarter of it for that long, requests come faster
 * than they are answered, and the bound is that quarter, so that those taken in wait less. (The rule is that of CoDel,
 * RFC 8289.) The bound does not shrink when refusals take long: then hardly anything but refusals would be left.
 *
 * All is measured in CPU time of the thread: while it waits for the machine nothing is gained by refusing requests.
 */
export class EventLoopTurn {
  private isReading = false;
  private hasBeenFull = false;
  private startedAtMs = 0;
  private cpuMsAtStart = 0;
  /** Since when every turn, refusals included, has taken more than the target, on the clock of `performance.now()`. */
  private longSinceMs = Infinity;
  /** Of the time in which a turn takes requests in. */
  private boundMs: number;
  private readonly targetMs: number;

  constructor(private readonly longestMs: number) {
    this.boundMs = longestMs;
    this.targetMs = longestMs * TARGET_SHARE;
  }

  /** To be asked for each request that may be refused. @returns whether this turn has taken enough in; it takes at least one */
  isFull(): boolean {
    if (!this.isReading) {
      this.start();
      return false;
    }
    this.hasBeenFull ||= this.isOverMs(this.boundMs);
    return this.hasBeenFull;
  }

  private start(): void {
    this.isReading = true;
    this.hasBeenFull = false;
    this.cpuMsAtStart = cpuMs();
    this.startedAtMs = performance.now();
    // Runs when all that had arrived is read.
    setImmediate(() => {
      this.end();
    });
  }

  private end(): void {
    this.isReading = false;
    const isLong = this.isOverMs(this.targetMs);
    this.longSinceMs = isLong ? Math.min(this.longSinceMs, this.startedAtMs) : Infinity;
    const isStanding = this.startedAtMs - this.longSinceMs > this.longestMs;
    this.boundMs = isStanding ? this.targetMs : this.longestMs;
  }

  /** The clock is cheaper to read, and never behind the CPU time. */
  private isOverMs(limitMs: number): boolean {
    return performance.now() - this.startedAtMs > limitMs && cpuMs() - this.cpuMsAtStart > limitMs;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
