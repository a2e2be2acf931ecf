import { describe, expect, it } from 'vitest';
import type { StatedInput } from '../bundle/manifest.js';
import type { TensorType } from '../bundle/tensor-type.js';
import { type GraphValue, type ModelSignature, readSignature } from './model-signature.js';

const FEATURES = ['a', 'b', 'c'];

function tensor(name: string, shape: (number | string)[], type = 'float32'): GraphValue {
  return { name, isTensor: true, type, shape };
}

const MATRIX = tensor('x', ['N', 3]);
const STATED_MATRIX: StatedInput = { name: 'x', type: 'float32', features: FEATURES };
const PROBABILITIES = tensor('p', ['N', 2]);
const LABEL = tensor('label', ['N'], 'int64');

function signature(
  inputs: GraphValue[],
  outputs: GraphValue[],
  stated: readonly StatedInput[] = [STATED_MATRIX],
): ModelSignature {
  return readSignature({ inputs, outputs }, stated, { name: 'p' }, 'm.onnx');
}

describe('readSignature', () => {
  it.each<TensorType>(['float32', 'float64', 'int32', 'int64', 'bool', 'string'])(
    'takes one matrix of %s',
    (type) => {
      expect(
        signature([tensor('x', ['N', 3], type)], [LABEL, PROBABILITIES], [{ ...STATED_MATRIX, type }]),
      ).toEqual({
        inputs: [{ name: 'x', type, firstColumn: 0, columnCount: 3 }],
        outputName: 'p',
        outputColumn: 1,
      });
    },
  );

  it('counts the columns of numbers and of texts apart, in the order of the manifest', () => {
    const graph = [
      tensor('d', ['N', 1], 'string'),
      tensor('numbers', ['N', 2]),
      tensor('texts', ['N', 2], 'string'),
      tensor('whole', ['N', 1], 'int64'),
    ];
    const stated: StatedInput[] = [
      { name: 'numbers', type: 'float32', features: ['a', 'b'] },
      { name: 'texts', type: 'string', features: ['e', 'f'] },
      { name: 'whole', type: 'int64', features: ['c'] },
      { name: 'd', type: 'string', features: ['d'] },
    ];
    expect(signature(graph, [PROBABILITIES], stated).inputs).toEqual([
      { name: 'numbers', type: 'float32', firstColumn: 0, columnCount: 2 },
      { name: 'texts', type: 'string', firstColumn: 0, columnCount: 2 },
      { name: 'whole', type: 'int64', firstColumn: 2, columnCount: 1 },
      { name: 'd', type: 'string', firstColumn: 2, columnCount: 1 },
    ]);
  });

  it('takes the column of the output that the manifest states', () => {
    const { outputColumn } = readSignature(
      { inputs: [MATRIX], outputs: [PROBABILITIES] },
      [STATED_MATRIX],
      { name: 'p', column: 0 },
      'm.onnx',
    );
    expect(outputColumn).toBe(0);
  });

  it.each([[['N', 2]], [['N', 1]], [['N']], [['', 2]], [[]]])(
    'takes probabilities of the shape %j',
    (shape) => {
      expect(signature([MATRIX], [tensor('p', shape)]).outputName).toBe('p');
    },
  );

  it.each<[string, GraphValue[], GraphValue[], RegExp]>([
    [
      'a fixed batch',
      [tensor('x', [1, 3])],
      [PROBABILITIES],
      /any number of rows\. Found: a fixed batch of 1/,
    ],
    [
      'a column too many',
      [tensor('x', ['N', 4])],
      [PROBABILITIES],
      /shape \[N, 3\], .* Found: float32 \[N, 4\]/,
    ],
    ['a vector as input', [tensor('x', ['N'])], [PROBABILITIES], /shape \[N, 3\], .* Found: float32 \[N\]/],
    ['another type', [tensor('x', ['N', 3], 'string')], [PROBABILITIES], /of float32 .*Found: string/],
    ['another name', [tensor('y', ['N', 3])], [PROBABILITIES], /states: x\. Found: y\./],
    [
      'an input that is not stated',
      [MATRIX, tensor('y', ['N', 1])],
      [PROBABILITIES],
      /states: x\. Found: x, y\./,
    ],
    ['no input', [], [PROBABILITIES], /states: x\. Found: no input\./],
    ['a sequence as input', [{ name: 'x', isTensor: false }], [PROBABILITIES], /Found: no tensor/],
    ['a ZipMap', [MATRIX], [LABEL, { name: 'p', isTensor: false }], /zipmap off/],
    ['labels only', [MATRIX], [LABEL], /Found: label int64 \[N\]/],
    ['probabilities of another name', [MATRIX], [tensor('q', ['N', 2])], /output p .*Found: q float32/],
    ['three classes', [MATRIX], [tensor('p', ['N', 3])], /Found: p float32 \[N, 3\]/],
    ['a fixed batch of answers', [MATRIX], [tensor('p', [1, 2])], /Found: p float32 \[1, 2\]/],
    ['no output', [MATRIX], [], /Found: no output/],
  ])('refuses %s', (_case, inputs, outputs, message) => {
    expect(() => signature(inputs, outputs)).toThrow(message);
  });
});
