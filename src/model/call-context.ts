/** Records a part of a request's work by its start and end, on the clock of `performance.now()`. */
export interface WorkRecorder {
  record(
    name: string,
    startedAtMs: number,
    endedAtMs: number,
    attributes?: Readonly<Record<string, number>>,
  ): void;
}

/** The deadline, cancellation and trace of a prediction that somebody waits for. */
export interface CallContext {
  /** After it an answer is useless. On the clock of `performance.now()`. */
  readonly deadlineAtMs: number;
  /** Set once nobody waits any more. */
  readonly closed: boolean;
  readonly trace?: WorkRecorder | undefined;
}

/** Waits outside of any request, as long as it takes. */
export const PATIENT_CALLER: CallContext = { deadlineAtMs: Infinity, closed: false };
