import type { ModelBundle } from '../bundle/model-bundle.js';
import { layoutOf } from './feature-table.js';
import { goldenTableOf } from './golden-rows.js';
import { freeBytes } from './inference/free-bytes.js';
import type { ForwardPass } from './inference/inference.js';
import { InlineInference } from './inference/inline-inference.js';
import { OnnxSession } from './inference/onnx-session.js';
import { proofOf, proveModel } from './model-proof.js';
import { readSignature } from './model-signature.js';

/**
 * Loads and proves a model that answers nobody.
 *
 * @returns its forward pass, on the event loop of this process
 * @throws {ModelLoadError} if the model does not answer as in training
 */
export async function loadCandidate({ file, manifest }: ModelBundle): Promise<ForwardPass> {
  const bytes = file.take();
  const session = await OnnxSession.create(bytes, file.path);
  freeBytes(bytes);
  const signature = readSignature(session, manifest.inputs, manifest.output, file.path);
  const { forwardPass } = new InlineInference(session, signature);
  await proveModel(
    forwardPass,
    proofOf(manifest, goldenTableOf(manifest, layoutOf(manifest.inputs)), file.path),
  );
  return forwardPass;
}
