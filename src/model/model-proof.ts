import { type FeatureMatrix, matrixOfRows } from './feature-matrix.js';
import { compareGoldenRows } from './golden-rows.js';
import type { ForwardPass } from './inference/inference.js';
import type { ModelBundle } from './model-bundle.js';
import { ModelLoadError } from './model.errors.js';
import { warmUp } from './warm-up.js';

/** How the model answered the golden rows, which is as in training. */
export interface Verification {
  readonly goldenRowCount: number;
  /** Greatest absolute difference between a probability and the golden one. */
  readonly worstDifference: number;
  /** Greatest that is allowed. */
  readonly tolerance: number;
}

/**
 * The features in the order in which the model takes them: the manifest's.
 *
 * @param available the application's features
 * @throws {ModelLoadError} if they are not the manifest's features, no more and no fewer
 */
export function orderedFeatures(
  { manifest, path }: ModelBundle,
  available: readonly string[],
): readonly string[] {
  if (manifest === undefined) {
    return available;
  }
  const names = manifest.features.map(({ name }) => name);
  if ([...names].sort().join() !== [...available].sort().join()) {
    throw new ModelLoadError({
      problem: 'The model takes other features than the API has',
      where: path,
      expected: available.join(', '),
      found: names.join(', '),
      remedy: "export a model of the API's features, or change the customer in src/prediction",
    });
  }
  return names;
}

/** The golden rows, or without a manifest one row of ones: something to run the model on before any caller does. */
export function warmUpRows({ manifest }: ModelBundle, features: readonly string[]): FeatureMatrix {
  return matrixOfRows(
    manifest?.golden_rows.map((row) => features.map((name) => row.features[name] ?? NaN)) ?? [
      features.map(() => 1),
    ],
    features.length,
  );
}

/**
 * Warms a session up, and compares its answers to those of the golden rows, if there are any.
 *
 * @param rows of `warmUpRows`
 * @returns nothing if there is no manifest, and so no golden row
 * @throws {ModelLoadError} if the model does not answer as in training
 */
export async function proveModel(
  forwardPass: ForwardPass,
  rows: FeatureMatrix,
  { manifest, path }: Pick<ModelBundle, 'manifest' | 'path'>,
): Promise<Verification | undefined> {
  const probabilities = await warmUp(forwardPass, rows, path);
  if (manifest === undefined) {
    return undefined;
  }
  const { golden_rows, tolerance } = manifest;
  return {
    goldenRowCount: golden_rows.length,
    worstDifference: compareGoldenRows(golden_rows, probabilities, tolerance, path),
    tolerance,
  };
}
