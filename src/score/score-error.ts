/** How a run ends, as an exit code. docs/score.md lists them. */
export const EXIT_CODES = {
  allScored: 0,
  failure: 1,
  usage: 2,
  someRefused: 3,
  badFile: 4,
  badModel: 5,
  interrupted: 130,
  terminated: 143,
} as const;

/** Ends the run with a message for the operator. Nothing was written. */
export class ScoreError extends Error {
  override readonly name = 'ScoreError';

  constructor(
    readonly exitCode: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function usageError(message: string): ScoreError {
  return new ScoreError(EXIT_CODES.usage, message);
}

export function badFile(message: string, cause?: unknown): ScoreError {
  return new ScoreError(EXIT_CODES.badFile, message, { cause });
}
