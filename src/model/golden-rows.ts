import { ModelLoadError } from './model.errors.js';
import type { GoldenRow } from './model-manifest.js';

/**
 * Compares the graph's probabilities with those of the model that was trained.
 *
 * @param probabilities one for each golden row, in their order
 * @param tolerance greatest absolute difference allowed
 * @returns the greatest absolute difference
 * @throws {ModelLoadError} that states the worst row
 */
export function compareGoldenRows(
  goldenRows: readonly GoldenRow[],
  probabilities: ArrayLike<number>,
  tolerance: number,
  path: string,
): number {
  let worstRow = -1;
  let worstDifference = -1;
  goldenRows.forEach(({ probability }, row) => {
    const served = probabilities[row] ?? NaN;
    const difference = Number.isNaN(served) ? Infinity : Math.abs(served - probability);
    if (difference > worstDifference) {
      worstRow = row;
      worstDifference = difference;
    }
  });
  const worst = goldenRows[worstRow];
  if (worst !== undefined && worstDifference > tolerance) {
    throw new ModelLoadError({
      problem: 'The model does not answer as it did in training',
      where: path,
      expected: `${worst.probability} for the golden row ${worstRow} ${JSON.stringify(worst.features)}, within ${tolerance}`,
      found: `${probabilities[worstRow] ?? NaN}`,
      remedy:
        'export the bundle again: the graph, its preprocessing or the order of its features is not that of the trained model',
    });
  }
  return worstDifference;
}
