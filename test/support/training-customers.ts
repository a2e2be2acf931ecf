import type { Customer, FeatureValue } from '../../src/bundle/feature.js';
import type { ModelManifest, StatedFeature } from '../../src/bundle/manifest.js';

/** Numbers from 0 to 1, the same in every run (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws customers, each feature for itself as often as it was in training. */
export function drawCustomers({ features }: ModelManifest, count: number, random: () => number): Customer[] {
  return Array.from({ length: count }, () =>
    Object.fromEntries(features.map((feature) => [feature.name, drawValue(feature, random)])),
  );
}

function drawValue({ statistics, type }: StatedFeature, random: () => number): FeatureValue {
  if (statistics === undefined) {
    throw new Error('A feature without statistics cannot be drawn.');
  }
  if (random() < statistics.missing_ratio) {
    return null;
  }
  if ('counts' in statistics) {
    const values = Object.keys(statistics.counts);
    const value = values[draw(Object.values(statistics.counts), random)] ?? '';
    return type === 'boolean' ? value === 'true' : value;
  }
  const { edges, counts } = statistics.histogram;
  const bin = draw(counts, random);
  const [from = NaN, to = NaN] = edges.slice(bin);
  const value = from + random() * (to - from);
  return type === 'integer' ? Math.max(Math.ceil(from), Math.floor(value)) : value;
}

/** @returns an index, as often as its count says */
function draw(counts: readonly number[], random: () => number): number {
  let rest = random() * counts.reduce((sum, count) => sum + count, 0);
  return counts.findIndex((count) => (rest -= count) < 0);
}
