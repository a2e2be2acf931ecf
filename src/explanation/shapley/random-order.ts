import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { FeatureTable } from '../../model/feature-table.js';

/** A generator whose seed are the values of a customer, so that the same customer gets the same reasons. */
export function generatorOf({ numbers, texts }: FeatureTable): RandomGenerator {
  const seed = createHash('sha256').update(numbers).update(JSON.stringify(texts)).digest().readInt32LE();
  return xoroshiro128plus(seed);
}

/** The same values in an order of which each is as likely as any other (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], random: RandomGenerator): T[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
