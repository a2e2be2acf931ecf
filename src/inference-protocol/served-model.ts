import type { ModelBundle } from '../bundle/model-bundle.js';
import { ProblemException } from '../http/problems/problem.exception.js';
import { quoted } from './invalid-request.js';
import { inputsOf, outputsOf, type TensorMetadata } from './served-tensors.js';

/** What the protocol says of a model. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** Injects what is said of the served model. */
export const SERVED_MODEL = Symbol('SERVED_MODEL');

/** The protocol's name for an ONNX file that onnxruntime runs. */
const PLATFORM = 'onnxruntime_onnx';

export function modelMetadata({
  name,
  version,
  contract,
}: Pick<ModelBundle, 'name' | 'version' | 'contract'>): ModelMetadata {
  return {
    name,
    versions: [version],
    platform: PLATFORM,
    inputs: inputsOf(contract),
    outputs: outputsOf(contract),
  };
}

/** @throws {ProblemException} if a caller asks for another model, or for another version of it */
export function requireServed(served: ModelMetadata, name: string, version: string | undefined): void {
  if (name !== served.name) {
    throw new ProblemException(
      'not_found',
      `The model ${quoted(name)} is not served here; ${quoted(served.name)} is.`,
    );
  }
  if (version !== undefined && !served.versions.includes(version)) {
    throw new ProblemException(
      'not_found',
      `Version ${quoted(version)} of ${quoted(name)} is not served here; ${served.versions.map(quoted).join(', ')} is.`,
    );
  }
}
