import { categoriesInWords } from '../bundle/categories-in-words.js';
import type { CategoryFeature, Feature } from '../bundle/feature.js';
import type { FeatureColumns, NumberColumn, TextColumn } from '../bundle/feature-columns.js';
import { invalidRequest, quoted } from './invalid-request.js';
import { matrixColumns } from './feature-matrix.js';
import type { InputTensor } from './tensor.js';

/**
 * The columns of the features: each from a tensor of its name, of the shape [rows] or [rows, 1], or all from one matrix. What
 * may be missing need not be sent. Values are not checked against the contract.
 *
 * @throws {ProblemException} if the tensors are not those of the features
 */
export function columnsOf(inputs: readonly InputTensor[], features: readonly Feature[]): FeatureColumns {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const [first] = inputs;
  if (first === undefined) {
    throw invalidRequest('inputs must have a tensor for each feature, but is empty.');
  }
  if (inputs.length === 1 && !byName.has(first.name)) {
    return matrixColumns(first, features);
  }
  const rowCount = first.shape[0] ?? 0;
  const numbers = new Map<string, NumberColumn>();
  const texts = new Map<string, TextColumn>();
  for (const input of inputs) {
    const feature = byName.get(input.name);
    if (feature === undefined) {
      throw invalidRequest(
        `The input ${quoted(input.name)} is no feature. The features are ${categoriesInWords([...byName.keys()])}.`,
      );
    }
    if (numbers.has(feature.name) || texts.has(feature.name)) {
      throw invalidRequest(`The input ${quoted(input.name)} is there twice.`);
    }
    requireColumn(input, rowCount, first.name);
    if (feature.type === 'category') {
      texts.set(feature.name, textColumn(feature, input));
    } else {
      numbers.set(feature.name, numberColumn(feature, input));
    }
  }
  for (const feature of features) {
    if (numbers.has(feature.name) || texts.has(feature.name)) {
      continue;
    }
    if (!feature.nullable) {
      throw invalidRequest(`The input ${quoted(feature.name)} is missing.`);
    }
    if (feature.type !== 'category') {
      numbers.set(feature.name, new Float64Array(rowCount).fill(NaN));
    }
  }
  return { rowCount, numbers, texts };
}

function requireColumn({ name, shape }: InputTensor, rowCount: number, firstName: string): void {
  const [rows, columns = 1, ...further] = shape;
  if (rows === undefined || columns !== 1 || further.length > 0) {
    throw invalidRequest(
      `The input ${quoted(name)} must have the shape [rows] or [rows, 1], but has [${shape.join(', ')}].`,
    );
  }
  if (rows !== rowCount) {
    throw invalidRequest(
      `The input ${quoted(name)} has ${rows} rows, but ${quoted(firstName)} has ${rowCount}. All inputs must have as many.`,
    );
  }
}

function numberColumn({ name, type }: Feature, { datatype, values }: InputTensor): NumberColumn {
  if (!(values instanceof Float64Array) || (datatype === 'BOOL' && type !== 'boolean')) {
    const allowed = type === 'boolean' ? 'BOOL, or a datatype of numbers' : 'a datatype of numbers';
    throw invalidRequest(`The input ${quoted(name)} must have ${allowed}, but has ${datatype}.`);
  }
  return values;
}

function textColumn(feature: CategoryFeature, { datatype, values }: InputTensor): TextColumn {
  const { name, nullable, missingText, categories } = feature;
  if (values instanceof Float64Array) {
    // Where all texts are missing, pandas has a column of NaN.
    if (nullable && values.every((value) => Number.isNaN(value))) {
      return new Array<null>(values.length).fill(null);
    }
    throw invalidRequest(`The input ${quoted(name)} must have the datatype BYTES, but has ${datatype}.`);
  }
  if (missingText === undefined || categories.includes(missingText)) {
    return values;
  }
  return values.map((text) => (text === missingText ? null : text));
}
