/** The wait before the next attempt (exponential backoff): it doubles with each failure. */
export class GrowingDelay {
  private nextMs: number;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {
    this.nextMs = firstMs;
  }

  /** Counts a failure. @returns milliseconds to wait after it */
  afterFailure(): number {
    const delayMs = this.nextMs;
    this.nextMs = Math.min(2 * delayMs, this.longestMs);
    return delayMs;
  }

  /** Forgets the failures. */
  reset(): void {
    this.nextMs = this.firstMs;
  }
}
