/** The facts that an operator needs to mend a model that cannot be served. */
export interface ModelFault {
  readonly problem: string;
  /** The file concerned. */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
}

/** The model must not take traffic: it is absent, broken, or does not answer as it did in training. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError';

  constructor(
    readonly fault: ModelFault,
    options?: ErrorOptions,
  ) {
    super(
      `${fault.problem}. Where: ${fault.where}. Expected: ${fault.expected}. Found: ${oneLine(fault.found)}. ` +
        `To mend it: ${fault.remedy}.`,
      options,
    );
  }
}

/** A message of onnxruntime, JSON.parse or the file system may have several lines and its own full stop. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[. ]+$/, '');
}

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
        'which is no probability. At LOG_LEVEL=debug the row is logged.',
    );
  }
}
