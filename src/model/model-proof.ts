import { DEFAULT_TOLERANCE, type ModelManifest } from '../bundle/manifest.js';
import { compareGoldenRows, type GoldenTable } from './golden-rows.js';
import type { ForwardPass } from './inference/inference.js';
import { askRowsAlone } from './rows-alone.js';
import { warmUp } from './warm-up.js';

/** How the model answered the golden rows, which is as in training. */
export interface Verification {
  readonly goldenRowCount: number;
  /** How many of the rows were asked alone too. All were asked in one batch. */
  readonly rowsAloneCount: number;
  /** Greatest absolute difference between a probability and the golden one. */
  readonly worstDifference: number;
  /** Greatest that is allowed. */
  readonly tolerance: number;
}

export interface Proof {
  readonly golden: GoldenTable;
  /** 0 if the manifest has none, so that the model is not verified. */
  readonly goldenRowCount: number;
  readonly tolerance: number;
  readonly path: string;
}

export function proofOf({ golden_rows, tolerance }: ModelManifest, golden: GoldenTable, path: string): Proof {
  return {
    golden,
    goldenRowCount: golden_rows?.rows.length ?? 0,
    tolerance: tolerance ?? DEFAULT_TOLERANCE,
    path,
  };
}

/**
 * Warms a session up, and compares its answers to the probabilities that the manifest states: in one batch, and alone.
 *
 * @returns nothing if there is no golden row
 * @throws {ModelLoadError} if the model does not answer as in training
 */
export async function proveModel(
  forwardPass: ForwardPass,
  { golden, goldenRowCount, tolerance, path }: Proof,
): Promise<Verification | undefined> {
  const together = await warmUp(forwardPass, golden, path);
  const inBatch = compareGoldenRows(golden, together, tolerance, path);
  if (goldenRowCount === 0) {
    return undefined;
  }
  const { rowCount, probabilities } = await askRowsAlone(forwardPass, golden, together, path);
  const alone = compareGoldenRows(golden, probabilities, tolerance, path);
  const worstDifference = Math.max(inBatch, alone);
  return { goldenRowCount, rowsAloneCount: rowCount, worstDifference, tolerance };
}
