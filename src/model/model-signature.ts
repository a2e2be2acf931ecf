import { ModelLoadError } from '../bundle/model-load-error.js';
import type { StatedInput, StatedOutput } from '../bundle/manifest.js';
import type { TensorColumns } from './tensor-data.js';
import { wrapCommand } from './wrap-command.js';

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

export interface InputColumns extends TensorColumns {
  readonly name: string;
}

/** How rows go into the graph and probabilities come out of it. */
export interface ModelSignature {
  readonly inputs: readonly InputColumns[];
  readonly outputName: string;
  /** Of the probability of churn, in an output of two columns. */
  readonly outputColumn: 0 | 1;
}

const OUTPUT_TYPES: readonly string[] = ['float32', 'float64'];

/**
 * Checks that the graph takes and gives what its manifest states.
 *
 * @throws {ModelLoadError} if it does not
 */
export function readSignature(
  graph: Graph,
  inputs: readonly StatedInput[],
  output: StatedOutput,
  path: string,
): ModelSignature {
  const stated = inputs.map(({ name }) => name).sort();
  const actual = graph.inputs.map(({ name }) => name).sort();
  if (stated.join('\0') !== actual.join('\0')) {
    throw signatureFault(
      path,
      `the inputs that the manifest states: ${stated.join(', ')}`,
      actual.join(', ') || 'no input',
    );
  }
  for (const input of inputs) {
    checkInput(
      graph.inputs.find(({ name }) => name === input.name),
      input,
      path,
    );
  }
  checkOutput(graph.outputs, output.name, path);
  return { inputs: columnsOf(inputs), outputName: output.name, outputColumn: output.column ?? 1 };
}

/** Texts and numbers are counted apart, as a table has them. */
function columnsOf(inputs: readonly StatedInput[]): InputColumns[] {
  let numberColumns = 0;
  let textColumns = 0;
  return inputs.map(({ name, type, features: { length: columnCount } }) => {
    const isText = type === 'string';
    const firstColumn = isText ? textColumns : numberColumns;
    if (isText) {
      textColumns += columnCount;
    } else {
      numberColumns += columnCount;
    }
    return { name, type, firstColumn, columnCount };
  });
}

function checkInput(
  found: GraphValue | undefined,
  { name, type, features }: StatedInput,
  path: string,
): void {
  const expected = `input ${name} to be a tensor of ${type} with the shape [N, ${features.length}], as the manifest states`;
  if (found?.isTensor !== true) {
    throw signatureFault(path, expected, 'no tensor');
  }
  const [rows, columns] = found.shape;
  if (typeof rows === 'number') {
    throw signatureFault(
      path,
      `input ${name} to take any number of rows`,
      `a fixed batch of ${rows} (shape ${describeShape(found.shape)})`,
      'export it with a free first dimension (None in skl2onnx)',
    );
  }
  const fits =
    found.shape.length === 0 ||
    (found.shape.length === 2 && (typeof columns !== 'number' || columns === features.length));
  if (found.type !== type || !fits) {
    throw signatureFault(
      path,
      expected,
      `${found.type} ${describeShape(found.shape)}`,
      found.type === 'float16' ? float16InputRemedy(path) : undefined,
    );
  }
}

function checkOutput(outputs: readonly GraphValue[], stated: string, path: string): void {
  const described = outputs.map(describe).join('; ') || 'no output';
  const output = outputs.find(({ name }) => name === stated);
  if (output === undefined ? outputs.some(({ isTensor }) => !isTensor) : !output.isTensor) {
    throw signatureFault(
      path,
      'probabilities as a tensor',
      `a sequence or map, as a ZipMap makes it (${described})`,
      `export it with zipmap off (options={"zipmap": False} in skl2onnx), or cut it: ${wrapCommand(path)}`,
    );
  }
  if (output === undefined || !isProbabilityTensor(output)) {
    throw signatureFault(
      path,
      `output ${stated} of float32 or float64 probabilities with the shape [N, 2], [N, 1] or [N]`,
      described,
      outputs.some((value) => value.isTensor && value.type === 'float16')
        ? `cast them to float32: ${wrapCommand(path)}`
        : undefined,
    );
  }
}

function float16InputRemedy(path: string): string {
  return (
    'export the graph with float32 inputs, which it casts to float16 itself (keep_io_types=True in ' +
    `onnxconverter-common). Then ${wrapCommand(path)} proves it and makes its bundle`
  );
}

export function isProbabilityTensor(output: GraphValue): boolean {
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

function describe(value: GraphValue): string {
  return value.isTensor
    ? `${value.name} ${value.type} ${describeShape(value.shape)}`
    : `${value.name} (no tensor)`;
}

/** A dimension without a size is free: N. */
function describeShape(shape: readonly unknown[]): string {
  return `[${shape.map((size) => (typeof size === 'number' ? size : 'N')).join(', ')}]`;
}

function signatureFault(
  path: string,
  expected: string,
  found: string,
  remedy = 'export the bundle again with churn-bundle, so that the manifest describes this graph',
): ModelLoadError {
  return new ModelLoadError({ problem: 'The graph cannot be served', where: path, expected, found, remedy });
}
