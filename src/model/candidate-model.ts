import type { ModelBundle } from '../bundle/model-bundle.js';
import { layoutOf } from './feature-table.js';
import { goldenTableOf } from './golden-rows.js';
import { freeBytes } from './free-bytes.js';
import type { ForwardPass } from './inference/inference.js';
import { inlineInference } from './inference/start-inference.js';
import { proofOf, proveModel } from './model-proof.js';

/**
 * Loads and proves a model that answers nobody.
 *
 * @returns its forward pass, on the event loop of this process
 * @throws {ModelLoadError} if the model does not answer as in training
 */
export async function loadCandidate({ file, manifest }: ModelBundle): Promise<ForwardPass> {
  const { path } = file;
  const { inputs, output } = manifest;
  const bytes = file.take();
  const { forwardPass } = await inlineInference({ bytes, path, inputs, output });
  freeBytes(bytes);
  await proveModel(forwardPass, proofOf(manifest, goldenTableOf(manifest, layoutOf(manifest)), path));
  return forwardPass;
}
