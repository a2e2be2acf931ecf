import { categoriesInWords } from '../bundle/categories-in-words.js';
import type { Feature } from '../bundle/feature.js';
import type { FeatureColumns } from '../bundle/feature-columns.js';
import { invalidRequest, quoted } from './invalid-request.js';
import type { InputTensor } from './tensor.js';

/**
 * The columns of a matrix [rows, features], whatever its name, in the order of the contract.
 *
 * @throws {ProblemException} if it has another shape, or if a feature is a text
 */
export function matrixColumns(
  { name, datatype, shape, values }: InputTensor,
  features: readonly Feature[],
): FeatureColumns {
  const [rowCount = 0, columnCount] = shape;
  const names = categoriesInWords(features.map((feature) => feature.name));
  const text = features.find(({ type }) => type === 'category');
  if (text !== undefined) {
    throw invalidRequest(
      `The input ${quoted(name)} is no feature, and ${quoted(text.name)} is a text, so that no matrix can hold all features. ` +
        `Send one tensor for each of ${names}.`,
    );
  }
  if (shape.length !== 2 || columnCount !== features.length) {
    throw invalidRequest(
      `The input ${quoted(name)} must have the shape [rows, ${features.length}], but has [${shape.join(', ')}]. ` +
        `Its columns are ${names}; or send one tensor for each.`,
    );
  }
  if (!(values instanceof Float64Array) || datatype === 'BOOL') {
    throw invalidRequest(
      `The input ${quoted(name)} must have a datatype of numbers, such as FP64, but has ${datatype}.`,
    );
  }
  return {
    rowCount,
    numbers: new Map(
      features.map((feature, column) => [feature.name, columnOf(values, rowCount, features.length, column)]),
    ),
    texts: new Map(),
  };
}

function columnOf(values: Float64Array, rowCount: number, columnCount: number, column: number): Float64Array {
  const numbers = new Float64Array(rowCount);
  for (let row = 0, index = column; row < rowCount; row++, index += columnCount) {
    numbers[row] = values[index] ?? NaN;
  }
  return numbers;
}
