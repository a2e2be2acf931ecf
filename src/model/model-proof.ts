import { matrixOfRows } from './feature-matrix.js';
import { compareGoldenRows } from './golden-rows.js';
import type { OnnxSession } from './inference/onnx-session.js';
import type { ModelBundle } from './model-bundle.js';
import { ModelLoadError } from './model.errors.js';
import type { ModelSignature } from './model-signature.js';
import { warmUp } from './warm-up.js';

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

/**
 * Warms the session up, on the golden rows if there are any, and compares its answers to theirs.
 *
 * @returns what to log of the verification
 * @throws {ModelLoadError} if the model does not answer as in training
 */
export async function proveModel(
  session: OnnxSession,
  signature: ModelSignature,
  { manifest, path }: ModelBundle,
  features: readonly string[],
): Promise<Record<string, unknown>> {
  if (manifest === undefined) {
    await warmUp(session, signature, matrixOfRows([features.map(() => 1)], features.length), path);
    return { verified: false };
  }
  const { name, golden_rows, tolerance } = manifest;
  const rows = matrixOfRows(
    golden_rows.map((row) => features.map((name) => row.features[name] ?? NaN)),
    features.length,
  );
  const probabilities = await warmUp(session, signature, rows, path);
  const worstDifference = compareGoldenRows(golden_rows, probabilities, tolerance, path);
  return {
    name,
    verified: true,
    golden_rows: golden_rows.length,
    worst_difference: worstDifference,
    tolerance,
  };
}
