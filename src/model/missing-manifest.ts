import { createHash } from 'node:crypto';
import { ModelLoadError } from '../bundle/model-load-error.js';
import type { OnnxFile } from '../bundle/onnx-file.js';
import { OnnxSession } from './inference/onnx-session.js';
import type { GraphValue } from './model-signature.js';

/**
 * Says that a graph has no manifest, and so no contract, and shows the manifest that it needs, filled in from the graph.
 *
 * @throws {ModelLoadError} if onnxruntime cannot load the graph either
 */
export async function missingManifest(file: OnnxFile, manifestPath: string): Promise<ModelLoadError> {
  const bytes = file.take();
  const session = await OnnxSession.create(bytes, file.path);
  const draft = draftManifest(session, createHash('sha256').update(bytes).digest('hex'));
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

interface GraphValues {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

function draftManifest({ inputs, outputs }: GraphValues, sha256: string): object {
  const drafts = inputs.map((input) => draftInput(input, inputs.length === 1));
  const features = drafts.flatMap(({ features: names, type }) =>
    names.map((name) => draftFeature(name, type)),
  );
  const probabilities = outputs.find(
    ({ isTensor, ...output }) => isTensor && 'type' in output && output.type.startsWith('float'),
  );
  return {
    format_version: 2,
    sha256,
    features,
    inputs: drafts,
    output: { name: probabilities?.name ?? 'probabilities' },
    examples: [
      {
        customer: Object.fromEntries(
          features.map(({ name, type }) => [
            name,
            type === 'category' ? 'category_1' : type === 'boolean' ? false : 0,
          ]),
        ),
      },
    ],
  };
}

interface DraftInput {
  readonly name: string;
  readonly type: string;
  readonly features: readonly string[];
}

function draftInput(input: GraphValue, isOnly: boolean): DraftInput {
  const { name } = input;
  const [, columns] = input.isTensor ? input.shape : [];
  const columnCount = typeof columns === 'number' && columns > 0 ? columns : 1;
  const features =
    isOnly || columnCount > 1
      ? Array.from({ length: columnCount }, (_, column) => `${name}_${column + 1}`)
      : [name];
  return { name, type: input.isTensor ? input.type : 'float32', features };
}

function draftFeature(name: string, tensorType: string): { name: string; type: string } {
  switch (tensorType) {
    case 'string':
      return { name, type: 'category', ...{ categories: ['category_1'], unknown: 'refuse' } };
    case 'bool':
      return { name, type: 'boolean' };
    default:
      return { name, type: tensorType.startsWith('int') ? 'integer' : 'number' };
  }
}
