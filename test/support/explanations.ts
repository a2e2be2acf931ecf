import type { StatedExplanations } from '../../src/bundle/manifest.js';

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
