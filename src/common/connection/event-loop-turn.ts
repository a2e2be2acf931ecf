const LEAST_ALLOWANCE_MS = 1;
const GROWTH = 1.1;

/**
 * Bounds the turns of the event loop. In a turn it reads what has arrived on all connections, and then computes and sends
 * the answers; what arrives meanwhile waits for the next turn.
 *
 * All is measured in CPU time of the thread: while it waits for the machine nothing is gained by refusing requests.
 */
export class EventLoopTurn {
  private isUnderWay = false;
  private cpuMsAtStart = cpuMs();
  private startedAtMs = 0;
  /** Time of a turn in which requests are taken in. It shrinks until turns, refusals included, are short enough. */
  private allowanceMs: number;

  constructor(private readonly longestMs: number) {
    this.allowanceMs = longestMs;
  }

  /** To be asked for each request. @returns whether this turn has taken enough in */
  isFull(): boolean {
    if (!this.isUnderWay) {
      this.start();
    }
    // The clock is cheaper to read, and never behind the CPU time.
    return performance.now() - this.startedAtMs > this.allowanceMs && this.cpuTimeMs() > this.allowanceMs;
  }

  private start(): void {
    const lastTurnMs = this.cpuTimeMs();
    this.allowanceMs =
      lastTurnMs > this.longestMs
        ? Math.max((this.allowanceMs * this.longestMs) / lastTurnMs, LEAST_ALLOWANCE_MS)
        : Math.min(this.allowanceMs * GROWTH, this.longestMs);
    this.isUnderWay = true;
    this.cpuMsAtStart = cpuMs();
    this.startedAtMs = performance.now();
    // Runs when all that had arrived is read.
    setImmediate(() => {
      this.isUnderWay = false;
    });
  }

  private cpuTimeMs(): number {
    return cpuMs() - this.cpuMsAtStart;
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
