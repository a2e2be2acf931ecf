import type { FeatureValue } from '../bundle/feature.js';

/** Code of a text that is none of the categories. */
const OTHER = 0;

/** A category as a number: 1 for the first, 2 for the second; 0 for any other text, and one more than the last if it is missing. */
export class CategoryCodes {
  readonly #codes: ReadonlyMap<string, number>;

  constructor(readonly categories: readonly string[]) {
    this.#codes = new Map(categories.map((category, index) => [category, index + 1]));
  }

  get missing(): number {
    return this.categories.length + 1;
  }

  of(value: FeatureValue): number {
    return typeof value === 'string' ? (this.#codes.get(value) ?? OTHER) : this.missing;
  }

  /** The category, or what the number stands for, for people. */
  inWords(code: number): string {
    return this.categories[code - 1] ?? (code === OTHER ? '(unknown category)' : '(missing)');
  }

  /** What `of` says of each of these texts, by code. @param missing for a missing value */
  spread(valueOf: ReadonlyMap<string, number>, other: number, missing: number): Int32Array {
    return Int32Array.from([
      other,
      ...this.categories.map((category) => valueOf.get(category) ?? other),
      missing,
    ]);
  }
}
