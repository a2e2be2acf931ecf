import type { FeatureMatrix } from '../feature-matrix.js';
import type { ModelSignature } from '../model-signature.js';

/** What an inference thread is started with. */
export interface ThreadProgram {
  /** The ONNX file. All threads share this memory. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly path: string;
  readonly signature: ModelSignature;
}

/** What a thread is asked to do, one thing at a time. */
export type ThreadOrder =
  { readonly kind: 'pass'; readonly matrix: FeatureMatrix } | { readonly kind: 'close' };

export type ThreadAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'probabilities'; readonly probabilities: Float64Array }
  | { readonly kind: 'failure'; readonly message: string };
