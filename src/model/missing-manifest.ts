import { isFeatureName } from '../bundle/feature.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import type { OnnxFile } from '../bundle/onnx-file.js';
import type { TensorType } from '../bundle/tensor-type.js';
import { OnnxSession } from './inference/onnx-session.js';
import { type Graph, type GraphValue, isProbabilityTensor, readSignature } from './model-signature.js';

/**
 * Says that a graph has no manifest, and so no contract, and shows the manifest that it needs, filled in from the graph.
 *
 * @throws {ModelLoadError} if the graph could not be served with any manifest
 */
export async function missingManifest(file: OnnxFile, manifestPath: string): Promise<ModelLoadError> {
  const session = await OnnxSession.create(file.take(), file.path);
  const draft = draftManifest(session, file.sha256);
  readSignature(session, draft.inputs, draft.output, file.path);
  await session.release();
  return new ModelLoadError({
    problem: 'The model has no manifest, so nothing states which customers it takes or proves how it answers',
    where: manifestPath,
    expected: 'the manifest that churn-bundle writes',
    found: 'nothing',
    remedy:
      'export the bundle with churn-bundle. Or write this file, put in the names, types and bounds of the features, and set ALLOW_UNVERIFIED_MODEL=true: ' +
      JSON.stringify(draft),
  });
}

/** Values of a feature that goes into a tensor of this type. */
const DRAFTS: Readonly<Record<TensorType, { feature: object; value: unknown }>> = {
  float32: { feature: { type: 'number' }, value: 0 },
  float64: { feature: { type: 'number' }, value: 0 },
  int32: { feature: { type: 'integer' }, value: 0 },
  int64: { feature: { type: 'integer' }, value: 0 },
  bool: { feature: { type: 'boolean' }, value: false },
  string: { feature: { type: 'category', categories: ['category_1'] }, value: 'category_1' },
};

interface Draft {
  readonly format_version: 2;
  readonly sha256: string;
  readonly features: readonly object[];
  readonly inputs: readonly { name: string; type: TensorType; features: readonly string[] }[];
  readonly output: { readonly name: string };
  readonly examples: readonly object[];
}

function draftManifest({ inputs, outputs }: Graph, sha256: string): Draft {
  const taken = new Set<string>();
  const drafts = inputs.map((input) => ({
    name: input.name,
    // The check of the signature tells of a type that no tensor may have.
    type: (input.isTensor && input.type in DRAFTS ? input.type : 'float32') as TensorType,
    features: Array.from({ length: columnCountOf(input) }, (_, column) =>
      featureName(input.name, column, taken),
    ),
  }));
  const features = drafts.flatMap(({ type, features: names }) =>
    names.map((name) => ({ name, ...DRAFTS[type] })),
  );
  const output = outputs.find(isProbabilityTensor) ?? outputs.at(-1);
  return {
    format_version: 2,
    sha256,
    features: features.map(({ name, feature }) => ({ name, ...feature })),
    inputs: drafts,
    output: { name: output?.name ?? 'probabilities' },
    examples: [{ customer: Object.fromEntries(features.map(({ name, value }) => [name, value])) }],
  };
}

/** As far as the graph states it: a dimension may be free. */
function columnCountOf(input: GraphValue): number {
  const columns = input.isTensor ? input.shape[1] : undefined;
  return typeof columns === 'number' && columns > 0 ? columns : 1;
}

/** The name of the input for its first column, if no other feature has it. */
function featureName(input: string, column: number, taken: Set<string>): string {
  const candidates = [input, `${input}_${column + 1}`, `feature_${taken.size + 1}`];
  const free = candidates.slice(column === 0 ? 0 : 1).find((name) => isFeatureName(name) && !taken.has(name));
  const name = free ?? `feature_${taken.size + 1} of ${input}`;
  taken.add(name);
  return name;
}
