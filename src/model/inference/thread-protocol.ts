import type { FeatureTable } from '../feature-table.js';
import type { ModelSignature } from '../model-signature.js';

/** The data with which an inference thread starts. */
export interface ThreadProgram {
  /** The ONNX file. All threads share this memory. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly path: string;
  readonly signature: ModelSignature;
}

/** An order to a thread, which has one at a time. */
export type ThreadOrder =
  { readonly kind: 'pass'; readonly table: FeatureTable } | { readonly kind: 'close' };

export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'probabilities'; readonly probabilities: Float64Array }
  | { readonly kind: 'failure'; readonly message: string };
