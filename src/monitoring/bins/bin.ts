/** `below` and `above` the numbers of the training; `unknown` is a category that the model does not know. */
export const BIN_KINDS = ['known', 'below', 'above', 'unknown', 'missing'] as const;
export type BinKind = (typeof BIN_KINDS)[number];

/** Values that are counted together. */
export interface Bin {
  readonly kind: BinKind;
  /** For people. Of bins of one kind it is unique. */
  readonly label: string;
  /** Rows of the training whose value lies in the bin. */
  readonly referenceRows: number;
}

/** Numbers, booleans as 1 and 0, and NaN for a missing value. */
export interface NumberBins {
  readonly type: 'numbers';
  readonly bins: readonly Bin[];
  /** Ascending. A value lies in the bin whose index is the number of bounds that it is not below. */
  readonly lowerBounds: Float64Array;
  /** Index of the bin of a missing value. */
  readonly missing: number;
}

export interface TextBins {
  readonly type: 'texts';
  readonly bins: readonly Bin[];
  /** Index of the bin of each text that the model knows, and of the one that stands for a missing value. */
  readonly binOf: ReadonlyMap<string, number>;
  /** Index of the bin of any other text. */
  readonly unknown: number;
  /** Index of the bin of a missing value. */
  readonly missing: number;
}

export type FeatureBins = NumberBins | TextBins;

/** How many bins a feature has. */
export interface BinCount {
  /** Bins of values that the training has. They can be joined. */
  readonly known: number;
  /** The others, which cannot. */
  readonly others: number;
}
