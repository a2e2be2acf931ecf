import { describe, expect, it } from 'vitest';
import { type GraphValue, readSignature } from './model-signature.js';

const FEATURES = ['a', 'b', 'c'];

function tensor(name: string, shape: (number | string)[], type = 'float32'): GraphValue {
  return { name, isTensor: true, type, shape };
}

const MATRIX = tensor('x', ['N', 3]);
const COLUMNS = FEATURES.map((name) => tensor(name, ['N', 1]));
const PROBABILITIES = tensor('probabilities', ['N', 2]);
const LABEL = tensor('label', ['N'], 'int64');

function signature(inputs: GraphValue[], outputs: GraphValue[]): ReturnType<typeof readSignature> {
  return readSignature({ inputs, outputs }, FEATURES, undefined, 'm.onnx');
}

describe('readSignature', () => {
  it.each(['float32', 'float64', 'int64'])('takes one matrix of %s', (type) => {
    expect(signature([tensor('x', ['N', 3], type)], [LABEL, PROBABILITIES])).toEqual({
      layout: 'matrix',
      inputs: [{ name: 'x', type }],
      outputName: 'probabilities',
    });
  });

  it('takes one column for each feature, and feeds them in the order of the features', () => {
    expect(signature(COLUMNS.toReversed(), [PROBABILITIES])).toEqual({
      layout: 'columns',
      inputs: FEATURES.map((name) => ({ name, type: 'float32' })),
      outputName: 'probabilities',
    });
  });

  it.each(['x', 'a'])('takes one column for one feature, also by the name %s', (name) => {
    const graph = { inputs: [tensor(name, ['N', 1])], outputs: [PROBABILITIES] };
    expect(readSignature(graph, ['a'], undefined, 'm.onnx').inputs).toEqual([{ name, type: 'float32' }]);
  });

  it('refuses several columns for one feature', () => {
    const graph = { inputs: [MATRIX], outputs: [PROBABILITIES] };
    expect(() => readSignature(graph, ['a'], undefined, 'm.onnx')).toThrow(
      /shape \[N, 1\]\. Found: \[N, 3\]/,
    );
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
    ['a column too many', [tensor('x', ['N', 4])], [PROBABILITIES], /shape \[N, 3\]\. Found: \[N, 4\]/],
    ['a vector as input', [tensor('x', ['N'])], [PROBABILITIES], /shape \[N, 3\]\. Found: \[N\]/],
    ['text as input', [tensor('x', ['N', 3], 'string')], [PROBABILITIES], /Found: string/],
    ['a missing column', COLUMNS.slice(1), [PROBABILITIES], /the inputs a, b, c\. Found: the inputs b, c/],
    ['a column of another name', [...COLUMNS.slice(1), MATRIX], [PROBABILITIES], /Found: the inputs b, c, x/],
    ['a sequence as input', [{ name: 'x', isTensor: false }], [PROBABILITIES], /Found: no tensor/],
    ['a ZipMap', [MATRIX], [LABEL, { name: 'p', isTensor: false }], /zipmap off/],
    ['labels only', [MATRIX], [LABEL], /Found: label int64 \[N\]/],
    ['three classes', [MATRIX], [tensor('p', ['N', 3])], /Found: p float32 \[N, 3\]/],
    ['a fixed batch of answers', [MATRIX], [tensor('p', [1, 2])], /Found: p float32 \[1, 2\]/],
    ['no output', [MATRIX], [], /Found: no output/],
  ])('refuses %s', (_case, inputs, outputs, message) => {
    expect(() => signature(inputs, outputs)).toThrow(message);
  });
});
