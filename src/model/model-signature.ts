import type { TensorType } from './feature-matrix.js';
import { ModelLoadError } from './model.errors.js';
import type { ModelManifest, TensorDescription } from './model-manifest.js';

/** A graph's input or output as onnxruntime describes it. A dimension with a name instead of a size is free. */
export type GraphValue =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };

/** A graph's inputs and outputs. */
export interface Graph {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** How rows go into the graph and probabilities come out of it. */
export interface ModelSignature {
  /** One [N, features] tensor, or one [N, 1] tensor for each feature in the order of the features. */
  readonly layout: 'matrix' | 'columns';
  readonly inputs: readonly { readonly name: string; readonly type: TensorType }[];
  readonly outputName: string;
}

const INPUT_TYPES: readonly string[] = ['float32', 'float64', 'int64'];
const OUTPUT_TYPES: readonly string[] = ['float32', 'float64'];

/**
 * Finds out how to feed these features to the graph.
 *
 * @param features in the order in which a matrix model takes them
 * @throws {ModelLoadError} if the graph cannot take the features, or gives no probabilities
 */
export function readSignature(
  graph: Graph,
  features: readonly string[],
  manifest: ModelManifest | undefined,
  path: string,
): ModelSignature {
  const layout = graph.inputs.length === 1 ? 'matrix' : 'columns';
  const inputs = layout === 'matrix' ? graph.inputs : columnsInOrder(graph.inputs, features, path);
  const width = layout === 'matrix' ? features.length : 1;
  const signature: ModelSignature = {
    layout,
    inputs: inputs.map((input) => ({ name: input.name, type: inputType(input, width, path) })),
    outputName: outputName(graph.outputs, manifest?.output.name, path),
  };
  if (manifest !== undefined) {
    checkManifest(graph, manifest, path);
  }
  return signature;
}

function columnsInOrder(
  inputs: readonly GraphValue[],
  features: readonly string[],
  path: string,
): readonly GraphValue[] {
  const names = inputs.map(({ name }) => name);
  const columns = features.map((feature) => inputs.find(({ name }) => name === feature));
  if (inputs.length !== features.length || columns.includes(undefined)) {
    throw signatureFault(
      path,
      `one input of ${features.length} columns, or the inputs ${features.join(', ')}`,
      `the inputs ${names.join(', ')}`,
    );
  }
  return columns.filter((column) => column !== undefined);
}

function inputType(input: GraphValue, width: number, path: string): TensorType {
  if (!input.isTensor || !INPUT_TYPES.includes(input.type)) {
    throw signatureFault(
      path,
      `input ${input.name} to be a tensor of ${INPUT_TYPES.join(', ')}`,
      input.isTensor ? input.type : 'no tensor',
    );
  }
  const [rows, columns] = input.shape;
  if (typeof rows === 'number') {
    throw signatureFault(
      path,
      `input ${input.name} to take any number of rows`,
      `a fixed batch of ${rows} (shape ${describeShape(input.shape)})`,
      'export it with a free first dimension (None in skl2onnx)',
    );
  }
  if (
    input.shape.length > 0 &&
    (input.shape.length !== 2 || (typeof columns === 'number' && columns !== width))
  ) {
    throw signatureFault(
      path,
      `input ${input.name} to have the shape [N, ${width}]`,
      describeShape(input.shape),
    );
  }
  return input.type as TensorType;
}

function outputName(outputs: readonly GraphValue[], stated: string | undefined, path: string): string {
  const described = outputs.map(describe);
  const candidates = outputs.filter(({ name }) => stated === undefined || name === stated);
  const output = candidates.find(isProbabilityTensor);
  if (output !== undefined) {
    return output.name;
  }
  if (outputs.some(({ isTensor }) => !isTensor)) {
    throw signatureFault(
      path,
      'probabilities as a tensor',
      `a sequence or map, as a ZipMap makes it (${described.join('; ')})`,
      'export it with zipmap off: options={"zipmap": False} in skl2onnx',
    );
  }
  throw signatureFault(
    path,
    `${stated === undefined ? 'an output' : `output ${stated}`} of float32 or float64 probabilities with the shape [N, 2], [N, 1] or [N]`,
    described.join('; ') || 'no output',
  );
}

function isProbabilityTensor(output: GraphValue): boolean {
  if (!output.isTensor || !OUTPUT_TYPES.includes(output.type)) {
    return false;
  }
  const [rows, columns] = output.shape;
  return (
    typeof rows !== 'number' &&
    output.shape.length <= 2 &&
    (typeof columns !== 'number' || columns === 1 || columns === 2)
  );
}

function checkManifest(graph: Graph, manifest: ModelManifest, path: string): void {
  const stated = [...manifest.inputs, manifest.output].map(describe).sort();
  const outputs = graph.outputs.filter(({ name }) => name === manifest.output.name);
  const actual = [...graph.inputs, ...outputs].map(describe).sort();
  if (stated.join('; ') !== actual.join('; ')) {
    throw signatureFault(
      path,
      `what the manifest states: ${stated.join('; ')}`,
      actual.join('; '),
      'export the bundle again, so that the manifest describes this graph',
    );
  }
}

function describe(value: GraphValue | TensorDescription): string {
  if ('isTensor' in value && !value.isTensor) {
    return `${value.name} (no tensor)`;
  }
  return `${value.name} ${value.type} ${describeShape(value.shape)}`;
}

/** A dimension without a size is free: N. */
function describeShape(shape: readonly unknown[]): string {
  return `[${shape.map((size) => (typeof size === 'number' ? size : 'N')).join(', ')}]`;
}

function signatureFault(
  path: string,
  expected: string,
  found: string,
  remedy = 'export the model again with models/training/export_model.py',
): ModelLoadError {
  return new ModelLoadError({
    problem: 'The graph cannot be served',
    where: path,
    expected,
    found,
    remedy,
  });
}
