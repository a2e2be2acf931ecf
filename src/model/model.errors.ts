/** The model is not there to predict: it is still loading, already released, or no thread can run it. */
export class ModelNotReadyError extends Error {
  override readonly name = 'ModelNotReadyError';

  constructor(
    readonly status: string,
    options?: ErrorOptions,
  ) {
    super(`The model is ${status}.`, options);
  }
}

/** More waits for inference than can be answered in time. */
export class ModelOverloadedError extends Error {
  override readonly name = 'ModelOverloadedError';

  /** @param waitMs expected time until the waiting requests are answered */
  constructor(readonly waitMs: number) {
    super(`What waits for inference is expected to take ${Math.round(waitMs)} ms.`);
  }
}

/** The answer would be of no use any more. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
}

/** Nobody waits for the answer any more. */
export class RequestAbandonedError extends Error {
  override readonly name = 'RequestAbandonedError';
}

/** The model's answer is not a probability. */
export class InvalidProbabilityError extends Error {
  override readonly name = 'InvalidProbabilityError';

  constructor(
    readonly probability: number,
    /** Row of the forward pass, counted from 0. */
    readonly row: number,
    readonly rowCount: number,
    readonly modelVersion: string,
    readonly modelSha256: string,
  ) {
    super(
      `Row ${row} of ${rowCount} got ${probability} from model ${modelVersion} (sha256 ${modelSha256}), ` +
        'which is not a probability. At LOG_LEVEL=debug the row is logged.',
    );
  }
}
