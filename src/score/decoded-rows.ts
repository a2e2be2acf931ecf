import { type Feature, type CategoryFeature, isNumberFeature } from '../bundle/feature.js';
import type { FeatureColumns, NumberColumn, TextColumn } from '../bundle/feature-columns.js';
import { MISSING } from './feature-arguments.js';
import type { CodedRows, CodedTexts } from './thread-protocol.js';

/** No feature accepts it. */
const NO_CATEGORY = '\0';

/** The rows by the names of the features. */
export function decodedRows(
  features: readonly Feature[],
  { rowCount, numbers, categories }: CodedRows,
): FeatureColumns {
  const numberNames = features
    .filter((feature) => isNumberFeature(feature) || feature.type === 'boolean')
    .map(({ name }) => name);
  const categoryFeatures = features.filter((feature) => feature.type === 'category');
  return {
    rowCount,
    numbers: new Map(numberNames.map((name, index) => [name, numbers[index] ?? new Float64Array()])),
    texts: new Map(
      categoryFeatures.map((feature, index) => [feature.name, textsOf(feature, categories[index])]),
    ),
  };
}

function textsOf({ categories }: CategoryFeature, coded: CodedTexts | undefined): TextColumn {
  const { codes, others } = coded ?? { codes: new Int32Array(), others: [] };
  const known = [...categories, ...others];
  return Array.from(codes, (code) => (code === MISSING ? null : (known[code] ?? NO_CATEGORY)));
}

/** @param rows in ascending order, which are left out */
export function withoutRows(columns: FeatureColumns, rows: readonly number[]): FeatureColumns {
  const leftOut = new Set(rows);
  const keeps = (_value: unknown, row: number): boolean => !leftOut.has(row);
  return {
    rowCount: columns.rowCount - rows.length,
    numbers: new Map(
      Array.from(columns.numbers, ([name, values]): [string, NumberColumn] => [name, values.filter(keeps)]),
    ),
    texts: new Map(
      Array.from(columns.texts, ([name, values]): [string, TextColumn] => [name, values.filter(keeps)]),
    ),
  };
}
