/** Of the passes seen so far, the latest weighs this much. */
const LATEST_WEIGHT = 0.2;

/** Estimates the duration of forward passes from the durations at the start, scaled by the pace of the last passes. */
export class PassCost {
  private slowdown = 1;

  private constructor(
    private readonly overheadMs: number,
    private readonly rowMs: number,
  ) {}

  /**
   * @param oneRowMs duration of a pass of one row
   * @param passMs duration of a pass of `rowCount` rows
   */
  static fromTimes(oneRowMs: number, rowCount: number, passMs: number): PassCost {
    const rowMs = Math.max(0, passMs - oneRowMs) / Math.max(1, rowCount - 1);
    return new PassCost(Math.max(0, oneRowMs - rowMs), rowMs);
  }

  expectedMs(rowCount: number): number {
    return this.slowdown * this.expectedAtFirstMs(rowCount);
  }

  /** @returns the most rows that a pass of this duration can have, which may be Infinity */
  rowsWithin(passMs: number): number {
    return Math.floor((passMs / this.slowdown - this.overheadMs) / this.rowMs);
  }

  /** Updates the estimate by a pass that has ended. */
  observe(rowCount: number, passMs: number): void {
    const atFirstMs = this.expectedAtFirstMs(rowCount);
    if (atFirstMs > 0) {
      this.slowdown += LATEST_WEIGHT * (passMs / atFirstMs - this.slowdown);
    }
  }

  /** Goes back to the durations at the start. */
  forget(): void {
    this.slowdown = 1;
  }

  private expectedAtFirstMs(rowCount: number): number {
    return this.overheadMs + this.rowMs * rowCount;
  }
}
