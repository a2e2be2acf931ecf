/** How long to wait before the next attempt: it doubles with each failure, so that what keeps failing is left in peace. */
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
