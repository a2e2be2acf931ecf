import { type FeatureMatrix, rowValues } from './feature-matrix.js';
import type { ForwardPass } from './inference/inference.js';
import { ModelLoadError } from './model.errors.js';
import { indexOfNoProbability } from './probability.js';

const WARM_UP_PASSES = 3;

/**
 * Runs the first passes, in which onnxruntime allocates and the code is compiled, before any caller waits for one.
 *
 * @returns the probability of class 1 for each row
 * @throws {ModelLoadError} if a pass fails or its answers are not probabilities
 */
export async function warmUp(
  forwardPass: ForwardPass,
  matrix: FeatureMatrix,
  path: string,
): Promise<Float64Array> {
  let probabilities: Float64Array = new Float64Array();
  try {
    for (let pass = 0; pass < WARM_UP_PASSES; pass++) {
      probabilities = await forwardPass(matrix);
    }
  } catch (error) {
    throw new ModelLoadError(
      {
        problem: 'The model fails on its warm-up rows',
        where: path,
        expected: `probabilities for ${matrix.rowCount} rows of ${matrix.columnCount} features`,
        found: (error as Error).message,
        remedy: 'export the model again with models/training/export_model.py',
      },
      { cause: error },
    );
  }
  const row = indexOfNoProbability(probabilities);
  if (row !== -1) {
    throw new ModelLoadError({
      problem: 'The model gives something that is no probability',
      where: path,
      expected: 'a number from 0 to 1',
      found: `${probabilities[row] ?? NaN} for the row [${rowValues(matrix, row).join(', ')}]`,
      remedy: 'export the model again, and check that the stated output holds probabilities',
    });
  }
  return probabilities;
}

/**
 * Times a pass.
 *
 * @param rows of which the pass is made, again and again
 * @returns the shortest of the passes, in ms
 */
export async function measurePassMs(
  forwardPass: ForwardPass,
  { columnCount, values }: FeatureMatrix,
  rowCount: number,
): Promise<number> {
  const matrix = {
    rowCount,
    columnCount,
    values: Float64Array.from(
      { length: rowCount * columnCount },
      (_, index) => values[index % values.length] ?? NaN,
    ),
  };
  let shortestMs = Infinity;
  for (let pass = 0; pass < WARM_UP_PASSES; pass++) {
    const startedAtMs = performance.now();
    await forwardPass(matrix);
    shortestMs = Math.min(shortestMs, performance.now() - startedAtMs);
  }
  return shortestMs;
}
