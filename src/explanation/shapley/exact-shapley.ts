import type { FeatureTable } from '../../model/feature-table.js';
import { CoalitionRows } from './coalition-rows.js';
import type { Attribution, Background, ShapleyPlan } from './shapley-plan.js';

/** Rows of a game: all coalitions of its columns but none and all, whose probabilities are known. */
export function exactRowsOf(columnCount: number): number {
  return columnCount === 0 ? 0 : 2 ** columnCount - 2;
}

/**
 * Interventional Shapley values over all coalitions. The values of a mean are the mean of the values, so each background
 * row is a game of its own, whose players are the columns in which the customer differs from it.
 *
 * Source: Lundberg et al., "From local explanations to global understanding with explainable AI for trees" (2020),
 * for the interventional values; Shapley, "A value for n-person games" (1953), for the weights.
 */
export class ExactShapley implements ShapleyPlan {
  readonly kind = 'exact';
  readonly rowCount: number;
  /** Of each game, among all rows. */
  private readonly firstRows: number[] = [];

  /** @param games for each background row the columns in which the customer differs from it */
  constructor(
    private readonly customer: FeatureTable,
    private readonly background: Background,
    private readonly games: readonly (readonly number[])[],
  ) {
    let row = 1;
    for (const columns of games) {
      this.firstRows.push(row);
      row += exactRowsOf(columns.length);
    }
    this.rowCount = row;
  }

  rows(start: number, end: number): FeatureTable {
    const rows = new CoalitionRows(this.customer, this.background.table, end - start);
    if (start === 0) {
      rows.addCustomer();
    }
    this.games.forEach((columns, game) => {
      const firstRow = this.firstRows[game] ?? NaN;
      const last = Math.min(end, firstRow + exactRowsOf(columns.length));
      for (let row = Math.max(start, firstRow); row < last; row++) {
        rows.addBackground(game);
        takeCoalition(rows, columns, row - firstRow + 1);
      }
    });
    return rows.toTable();
  }

  attribute(probabilities: Float64Array): Attribution {
    const contributions = new Float64Array(this.customer.numbers.length + this.customer.texts.length);
    this.games.forEach((columns, game) => {
      const weights = shapleyWeights(columns.length);
      const all = 2 ** columns.length - 1;
      const firstRow = this.firstRows[game] ?? NaN;
      for (let coalition = 0; coalition <= all; coalition++) {
        const value =
          coalition === 0
            ? this.background.probabilities[game]
            : probabilities[coalition === all ? 0 : firstRow + coalition - 1];
        addValue(contributions, columns, coalition, value ?? NaN, weights);
      }
    });
    const { length } = this.games;
    return { contributions: contributions.map((sum) => sum / length), standardErrors: undefined };
  }
}

/** @param coalition one bit for each column */
function takeCoalition(rows: CoalitionRows, columns: readonly number[], coalition: number): void {
  for (let player = 0; player < columns.length; player++) {
    if ((coalition & (1 << player)) !== 0) {
      rows.takeFromCustomer(columns[player] ?? NaN);
    }
  }
}

/** Adds the value of a coalition to what its columns contribute, and takes it from what the others do. */
function addValue(
  contributions: Float64Array,
  columns: readonly number[],
  coalition: number,
  value: number,
  weights: readonly number[],
): void {
  const size = bitCount(coalition);
  const gain = (weights[size - 1] ?? 0) * value;
  const loss = (weights[size] ?? 0) * value;
  for (let player = 0; player < columns.length; player++) {
    const column = columns[player] ?? NaN;
    const change = (coalition & (1 << player)) !== 0 ? gain : -loss;
    contributions[column] = (contributions[column] ?? 0) + change;
  }
}

/** @returns for each size of a coalition the weight of what a player adds to it: size! (n - size - 1)! / n! */
function shapleyWeights(playerCount: number): number[] {
  const weights: number[] = [];
  let weight = 1 / playerCount;
  for (let size = 0; size < playerCount; size++) {
    weights.push(weight);
    weight *= (size + 1) / (playerCount - size - 1);
  }
  return weights;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    count++;
  }
  return count;
}
