/** Who waits for a prediction. */
export interface Caller {
  /** When an answer is no longer of use, on the clock of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Set once nobody waits any more. */
  readonly closed: boolean;
}
