import { customerOf } from '../bundle/feature.js';
import type { ModelManifest } from '../bundle/manifest.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { type FeatureTable, rowValues, type TableLayout, tableOf } from './feature-table.js';

/** Customers on whom the model is tried at the start, as the graph takes them. */
export interface GoldenTable {
  readonly table: FeatureTable;
  readonly layout: TableLayout;
  /** The source model's own for each row, or NaN where nothing states it. */
  readonly probabilities: Float64Array;
  /** What each row is called in the manifest. */
  readonly names: readonly string[];
}

/** The golden rows of a manifest, and its examples with a probability; or all its examples if it has neither. */
export function goldenTableOf({ golden_rows, examples }: ModelManifest, layout: TableLayout): GoldenTable {
  const { features, rows, probabilities } = golden_rows ?? { features: [], rows: [], probabilities: [] };
  const golden = rows.map((row, index) => ({
    customer: customerOf(features, row),
    probability: probabilities[index],
    name: `golden row ${index}`,
  }));
  const shown = examples.map((example, index) => ({ ...example, name: `example ${index}` }));
  const known = [...golden, ...shown].filter(({ probability }) => probability !== undefined);
  const tried = known.length > 0 ? known : shown;
  return {
    table: tableOf(
      tried.map(({ customer }) => customer),
      layout,
    ),
    layout,
    probabilities: Float64Array.from(tried, ({ probability = NaN }) => probability),
    names: tried.map(({ name }) => name),
  };
}

/**
 * Compares the graph's probabilities with those of the model that was trained.
 *
 * @param served one for each row, in their order
 * @param tolerance greatest absolute difference allowed
 * @returns the greatest absolute difference
 * @throws {ModelLoadError} that states the worst row
 */
export function compareGoldenRows(
  { table, layout, probabilities, names }: GoldenTable,
  served: ArrayLike<number>,
  tolerance: number,
  path: string,
): number {
  let worstRow = -1;
  let worstDifference = 0;
  probabilities.forEach((probability, row) => {
    if (Number.isNaN(probability)) {
      return;
    }
    const difference = Math.abs((served[row] ?? NaN) - probability);
    if (worstRow === -1 || !(difference <= worstDifference)) {
      worstRow = row;
      worstDifference = Number.isNaN(difference) ? Infinity : difference;
    }
  });
  if (worstDifference > tolerance) {
    const values = JSON.stringify(rowValues(table, worstRow, layout));
    throw new ModelLoadError({
      problem: 'The model does not answer as it did in training',
      where: path,
      expected: `${probabilities[worstRow] ?? NaN} for the ${names[worstRow] ?? 'row'} ${values}, within ${tolerance}`,
      found: `${served[worstRow] ?? NaN}`,
      remedy:
        'export the bundle again: the graph, its preprocessing or the order of its features is not that of the trained model',
    });
  }
  return worstDifference;
}
