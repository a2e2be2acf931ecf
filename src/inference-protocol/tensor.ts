import type { Datatype } from './datatype.js';

/** The elements of a tensor, row by row: numbers (true is 1, false is 0, a missing value NaN), or texts. */
export type TensorValues = Float64Array | readonly (string | null)[];

/** A tensor that a caller sent, with as many values as its shape says. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

/** Texts of which few are distinct. */
export interface Labels {
  /** Of eight bytes at most. */
  readonly names: readonly string[];
  /** Of each element, the index of its name. */
  readonly codes: Uint8Array;
}

/** A tensor of an answer. BOOL comes as bytes, 0 or 1. */
export type OutputTensor = {
  readonly name: string;
  readonly shape: readonly number[];
} & (
  | { readonly datatype: 'FP64'; readonly values: Float64Array }
  | { readonly datatype: 'BOOL'; readonly values: Uint8Array }
  | { readonly datatype: 'BYTES'; readonly values: Labels }
);

/** How many elements a tensor of this shape has. */
export function elementCount(shape: readonly number[]): number {
  // The product of great sizes is infinite, and NaN with a 0.
  return shape.includes(0) ? 0 : shape.reduce((count, size) => count * size, 1);
}
