import type { StatedInput, StatedOutput } from '../../bundle/manifest.js';
import type { ModelFault } from '../../bundle/model-load-error.js';
import type { FeatureTable } from '../feature-table.js';

/** The data with which an inference thread starts. */
export interface ThreadProgram {
  /** The ONNX file. All threads share this memory. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly path: string;
  readonly inputs: readonly StatedInput[];
  readonly output: StatedOutput;
}

/** An order to a thread, which has one at a time. */
export type ThreadOrder =
  { readonly kind: 'pass'; readonly table: FeatureTable } | { readonly kind: 'close' };

export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly fault: ModelFault }
  | { readonly kind: 'probabilities'; readonly probabilities: Float64Array }
  | { readonly kind: 'failure'; readonly message: string };
