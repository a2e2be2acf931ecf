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
