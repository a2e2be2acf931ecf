const LEAST_ALLOWANCE_MS = 1;
const GROWTH = 1.1;
const TARGET_SHARE = 0.25;

/**
 * Bounds how long the event loop reads requests before it computes and sends their answers. Requests that arrive meanwhile wait
 * for its next turn.
 *
 * A burst may take the longest time. When every turn has taken more than a quarter of it for that long, requests come faster
 * than they are answered, and the bound is that quarter: the more are read at once the more each costs, the refused ones
 * included. (The rule is that of CoDel, RFC 8289.)
 *
 * All is measured in CPU time of the thread: while it waits for the machine nothing is gained by refusing requests.
 */
export class EventLoopTurn {
  private isReading = false;
  private hasBeenFull = false;
  private startedAtMs = 0;
  private cpuMsAtStart = 0;
  /** Since when every turn has taken more than the target, on the clock of `performance.now()`. */
  private longSinceMs = Infinity;
  /** Time in which requests are taken in. It shrinks until reading and refusing the requests after them is short enough too. */
  private allowanceMs: number;

  /** The longest turn once turns have been long for a while. */
  private readonly targetMs: number;

  constructor(private readonly longestMs: number) {
    this.allowanceMs = longestMs;
    this.targetMs = longestMs * TARGET_SHARE;
  }

  /** To be asked for each request. @returns whether this turn has taken enough in */
  isFull(): boolean {
    if (!this.isReading) {
      this.start();
    }
    this.hasBeenFull ||= this.isOverMs(this.allowanceMs);
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
    const boundMs = isStanding ? this.targetMs : this.longestMs;
    const readingMs = isLong ? this.cpuTimeMs() : 0;
    this.allowanceMs =
      readingMs > boundMs
        ? Math.max((this.allowanceMs * boundMs) / readingMs, LEAST_ALLOWANCE_MS)
        : Math.min(this.allowanceMs * GROWTH, boundMs);
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
