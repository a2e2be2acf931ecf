/** Is told what part of a request's work took from when to when, on the clock of `performance.now()`. */
export interface WorkRecorder {
  record(
    name: string,
    startedAtMs: number,
    endedAtMs: number,
    attributes?: Readonly<Record<string, number>>,
  ): void;
}

/** Who waits for a prediction. */
export interface CallContext {
  /** When an answer is no longer of use, on the clock of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Set once nobody waits any more. */
  readonly closed: boolean;
  readonly trace?: WorkRecorder | undefined;
}
