import type { StatedExplanations } from '../../src/bundle/manifest.js';
import { FEATURES, fixtureProbability } from './bundle.js';

type Probability = (row: readonly number[]) => number;

/** Explanations of some rows by the definition of Shapley values, for rows of few numbers. */
export function explanationsOf(
  features: readonly string[],
  probability: Probability,
  background: readonly (readonly number[])[],
  rows: readonly (readonly number[])[],
): StatedExplanations {
  return {
    features,
    background,
    base_probability: meanOf(background.map(probability)),
    golden: rows.map((row) => ({
      row,
      probability: probability(row),
      contributions: features.map((_, column) => contribution(column, row, background, probability)),
    })),
  };
}

/** What a column adds to the coalition before it, over all orders of all columns. */
function contribution(
  column: number,
  row: readonly number[],
  background: readonly (readonly number[])[],
  probability: Probability,
): number {
  const value = (coalition: readonly number[]): number =>
    meanOf(
      background.map((other) =>
        probability(other.map((base, index) => (coalition.includes(index) ? (row[index] ?? NaN) : base))),
      ),
    );
  return meanOf(
    ordersOf([...row.keys()]).map((order) => {
      const before = order.slice(0, order.indexOf(column));
      return value([...before, column]) - value(before);
    }),
  );
}

function ordersOf(columns: readonly number[]): number[][] {
  return columns.length === 0
    ? [[]]
    : columns.flatMap((column, index) =>
        ordersOf(columns.toSpliced(index, 1)).map((order) => [column, ...order]),
      );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Background rows of a fixture graph's five numbers. */
export const BACKGROUND: readonly (readonly number[])[] = Array.from({ length: 20 }, (_, row) => [
  (7 * row) % 60,
  20 + 3.5 * row,
  90 * row,
  1 + (row % 4),
  row % 2,
]);

const GOLDEN_ROWS = [
  [6, 79.99, 479.94, 1, 1],
  [48, 45, 2160, 3, 0],
];

/** Of the fixture graphs. */
export const FIXTURE_EXPLANATIONS = explanationsOf(FEATURES, fixtureProbability, BACKGROUND, GOLDEN_ROWS);
