import type { BinCount } from './bin.js';

/** How many features are watched, and how many bins of values of the training each of them has. */
export interface Coarseness {
  /** Of each feature that is watched; those after them are not. */
  readonly maxKnown: readonly number[];
}

/**
 * The finest bins of which there are not more than this in all. The features with the most bins lose some first. If even one
 * bin for all known values is too many, the last features have none.
 */
export function coarsest(sizes: readonly BinCount[], maxBins: number): Coarseness {
  const knownAt = ({ known, others }: BinCount, cap: number): number =>
    Math.max(1, Math.min(known, cap - others));
  const totalAt = (cap: number): number =>
    sizes.reduce((total, size) => total + size.others + knownAt(size, cap), 0);
  let cap = Math.max(1, ...sizes.map(({ known, others }) => known + others));
  while (cap > 1 && totalAt(cap) > maxBins) {
    cap--;
  }
  const maxKnown: number[] = [];
  let total = 0;
  for (const size of sizes) {
    const known = knownAt(size, cap);
    total += size.others + known;
    if (total > maxBins) {
      break;
    }
    maxKnown.push(known);
  }
  return { maxKnown };
}
