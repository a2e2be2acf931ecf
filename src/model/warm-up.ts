import { type FeatureTable, repeatRows, rowValues } from './feature-table.js';
import type { GoldenTable } from './golden-rows.js';
import type { ForwardPass } from './inference/inference.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { indexOfNoProbability } from './probability.js';

const WARM_UP_PASSES = 3;
/** A heavy model's passes are not repeated beyond this: the first one has warmed it up. */
const LONGEST_MS = 1000;

/**
 * Runs the first passes, in which onnxruntime allocates and the code is compiled, before any caller waits for one.
 *
 * @returns the probability of class 1 for each row
 * @throws {ModelLoadError} if a pass fails or its answers are not probabilities
 */
export async function warmUp(
  forwardPass: ForwardPass,
  { table, layout }: GoldenTable,
  path: string,
): Promise<Float64Array> {
  let probabilities: Float64Array = new Float64Array();
  const startedAtMs = performance.now();
  try {
    for (let pass = 0; pass < WARM_UP_PASSES && !isLate(pass, startedAtMs); pass++) {
      probabilities = await forwardPass(table);
    }
  } catch (error) {
    throw new ModelLoadError(
      {
        problem: 'The model fails on its warm-up rows',
        where: path,
        expected: `probabilities for ${table.rowCount} rows`,
        found: (error as Error).message,
        remedy: 'export the model again with churn-bundle',
      },
      { cause: error },
    );
  }
  const row = indexOfNoProbability(probabilities);
  if (row !== -1) {
    throw new ModelLoadError({
      problem: 'The model gives a value that is not a probability',
      where: path,
      expected: 'a number from 0 to 1',
      found: `${probabilities[row] ?? NaN} for the row ${JSON.stringify(rowValues(table, row, layout))}`,
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
  rows: FeatureTable,
  rowCount: number,
): Promise<number> {
  const table = repeatRows(rows, rowCount);
  const firstAtMs = performance.now();
  let shortestMs = Infinity;
  for (let pass = 0; pass < WARM_UP_PASSES && !isLate(pass, firstAtMs); pass++) {
    const startedAtMs = performance.now();
    await forwardPass(table);
    shortestMs = Math.min(shortestMs, performance.now() - startedAtMs);
  }
  return shortestMs;
}

function isLate(pass: number, firstAtMs: number): boolean {
  return pass > 0 && performance.now() - firstAtMs > LONGEST_MS;
}
