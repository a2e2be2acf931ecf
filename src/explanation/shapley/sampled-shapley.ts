import type { FeatureTable } from '../../model/feature-table.js';
import { CoalitionRows } from './coalition-rows.js';
import { columnsOf, mean, slopesOn, standardErrorOf, variance } from './estimate.js';
import { generatorOf, shuffled } from './random-order.js';
import type { Attribution, Background, ShapleyPlan } from './shapley-plan.js';

/** A background row that becomes the customer column by column: once in an order, and once in the reverse order. */
interface Walk {
  readonly backgroundRow: number;
  readonly order: readonly number[];
  /** Among the rows of all walks. */
  readonly firstRow: number;
}

/** An error is estimated from the differences between walks. */
const LEAST_WALKS = 2;

/** Rows of a walk: the steps in both directions but the first and the last, whose probabilities are known. */
function walkRows(columnCount: number): number {
  return 2 * Math.max(0, columnCount - 1);
}

/**
 * Estimates interventional Shapley values by walks in random orders and their reverses (antithetic permutation sampling).
 *
 * Where not all background rows get a walk, what the walks add up to differs from what all of them would, which is known.
 * It is the control variate: each contribution is corrected by its regression on it. So they add up, and vary less.
 *
 * Source: Mitchell, Cooper, Frank and Holmes, "Sampling permutations for Shapley value estimation" (2022).
 */
export class SampledShapley implements ShapleyPlan {
  readonly kind = 'sampled';
  readonly rowCount: number;
  private readonly walks: readonly Walk[];

  /**
   * @param games for each background row the columns in which the customer differs from it
   * @param budgetRows most rows, unless two walks need more
   */
  constructor(
    private readonly customer: FeatureTable,
    private readonly background: Background,
    private readonly games: readonly (readonly number[])[],
    budgetRows: number,
  ) {
    this.walks = planWalks(customer, games, budgetRows);
    const last = this.walks.at(-1);
    this.rowCount = last === undefined ? 1 : last.firstRow + walkRows(last.order.length);
  }

  rows(start: number, end: number): FeatureTable {
    const rows = new CoalitionRows(this.customer, this.background.table, end - start);
    if (start === 0) {
      rows.addCustomer();
    }
    for (const { backgroundRow, order, firstRow } of this.walks) {
      const steps = order.length - 1;
      const last = Math.min(end, firstRow + walkRows(order.length));
      for (let row = Math.max(start, firstRow); row < last; row++) {
        const step = row - firstRow;
        rows.addBackground(backgroundRow);
        const taken = step < steps ? order.slice(0, step + 1) : order.slice(2 * steps - step);
        taken.forEach((column) => {
          rows.takeFromCustomer(column);
        });
      }
    }
    return rows.toTable();
  }

  attribute(probabilities: Float64Array): Attribution {
    const columnCount = this.customer.numbers.length + this.customer.texts.length;
    const probability = probabilities[0] ?? NaN;
    const { baseProbability, probabilities: backgroundProbabilities } = this.background;
    const walks = this.walks.map((walk) => this.contributionsOf(walk, probabilities, columnCount));
    const backgroundRows = this.walks.map(({ backgroundRow }) => backgroundRow);
    const totals = backgroundRows.map((row) => probability - (backgroundProbabilities[row] ?? NaN));
    const spread = variance(backgroundProbabilities) / walks.length;
    const estimates = columnsOf(walks, columnCount);
    const differing = new Set(this.games.flat());
    const slopes = slopesOn(totals, estimates, spread, differing);
    const missing = probability - baseProbability - mean(totals);
    const standardErrors = Float64Array.from(estimates, (values, column) => {
      const slope = slopes[column] ?? NaN;
      const rest = values.map((value, walk) => value - slope * (totals[walk] ?? NaN));
      return standardErrorOf(rest, backgroundRows);
    });
    const isFlat = walks.every((contributions) => contributions.every((value) => value === 0));
    // Where no walk saw a change, nothing is known of how the missing part is shared.
    const greatest = isFlat ? Math.abs(missing) : standardErrors.reduce((a, b) => Math.max(a, b), 0);
    for (const column of isFlat ? differing : this.unseenColumns()) {
      standardErrors[column] = greatest;
    }
    return {
      contributions: Float64Array.from(
        estimates,
        (values, column) => mean(values) + (slopes[column] ?? NaN) * missing,
      ),
      standardErrors,
    };
  }

  /** Columns in which the customer differs from some background rows, but from none that got a walk. */
  private unseenColumns(): Set<number> {
    const unseen = new Set(this.games.flat());
    for (const column of this.walks.flatMap(({ order }) => order)) {
      unseen.delete(column);
    }
    return unseen;
  }

  /** What each column adds on the two ways of a walk, on average. */
  private contributionsOf(
    { backgroundRow, order, firstRow }: Walk,
    probabilities: Float64Array,
    columnCount: number,
  ): Float64Array {
    const contributions = new Float64Array(columnCount);
    const steps = order.length - 1;
    for (const [way, columns] of [order, order.toReversed()].entries()) {
      let before = this.background.probabilities[backgroundRow] ?? NaN;
      columns.forEach((column, step) => {
        const row = step === steps ? 0 : firstRow + way * steps + step;
        const after = probabilities[row] ?? NaN;
        contributions[column] = (contributions[column] ?? 0) + (after - before) / 2;
        before = after;
      });
    }
    return contributions;
  }
}

/** Walks over the background rows in random order, again and again, while all rows of a round fit; or over some of them. */
function planWalks(
  customer: FeatureTable,
  games: readonly (readonly number[])[],
  budgetRows: number,
): Walk[] {
  const random = generatorOf(customer);
  const roundRows = games.reduce((sum, { length }) => sum + walkRows(length), 0);
  const leastRounds = Math.ceil(LEAST_WALKS / games.length);
  const rounds = Math.max(leastRounds, Math.floor((budgetRows - 1) / roundRows));
  const walks: Walk[] = [];
  let firstRow = 1;
  for (let round = 0; round < rounds; round++) {
    for (const backgroundRow of shuffled([...games.keys()], random)) {
      const columns = games[backgroundRow] ?? [];
      if (firstRow + walkRows(columns.length) > budgetRows && walks.length >= LEAST_WALKS) {
        return walks;
      }
      walks.push({ backgroundRow, order: shuffled(columns, random), firstRow });
      firstRow += walkRows(columns.length);
    }
  }
  return walks;
}
