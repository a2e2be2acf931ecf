import { type Feature, isNumberFeature } from '../bundle/feature.js';
import type { Input, InputColumn } from './input.js';
import { badFile, usageError } from './score-error.js';

/** What a run adds to the kept columns. */
export const ANSWER_COLUMNS = [
  'churn_probability',
  'churn_prediction',
  'risk_tier',
  'model_version',
  'errors',
] as const;

const INTEGER_TYPE = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const NUMBER_TYPE = /^(FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const TEXT_TYPE = /^(VARCHAR|ENUM\(.*\))$/s;

/**
 * Checks that the input has the columns of the contract, of types that can be read, and those that are kept. A line of NDJSON
 * may leave a nullable feature out, and so may all of them.
 *
 * @returns the names of the columns to keep, in their order in the answer
 * @throws {ScoreError} which names each column that is missing or of another type
 */
export function keptColumns(
  { path, columns, format: { kind } }: Input,
  features: readonly Feature[],
  keep: readonly string[] | undefined,
): readonly string[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const found = columns.map(({ name }) => name).join(', ');
  const missing = features
    .filter(({ name, nullable }) => !byName.has(name) && !(nullable && kind === 'ndjson'))
    .map(({ name }) => name);
  if (missing.length > 0) {
    throw badFile(
      `${path} lacks columns that the model needs: ${missing.join(', ')}. Its columns are: ${found || 'none'}.`,
    );
  }
  if (kind === 'parquet') {
    const faults = features.flatMap((feature) => typeFault(feature, byName.get(feature.name)));
    if (faults.length > 0) {
      throw badFile(`${path} has columns of another type than the model needs: ${faults.join('; ')}.`);
    }
  }
  const kept = keep ?? columns.map(({ name }) => name);
  const known = new Set([...byName.keys(), ...features.map(({ name }) => name)]);
  const unknown = kept.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw usageError(
      `--keep names columns that ${path} does not have: ${unknown.join(', ')}. Its columns are: ${found}.`,
    );
  }
  const taken = kept.filter((name) => ANSWER_COLUMNS.some((answer) => answer === name.toLowerCase()));
  if (taken.length > 0) {
    throw usageError(
      `${path} has columns that the answer adds itself: ${taken.join(', ')}. Name the columns to copy by --keep.`,
    );
  }
  return kept;
}

function typeFault(feature: Feature, column: InputColumn | undefined): string[] {
  const type = column?.type ?? '';
  const isInteger = INTEGER_TYPE.test(type);
  const [fits, needed] = isNumberFeature(feature)
    ? [isInteger || NUMBER_TYPE.test(type), 'a number']
    : feature.type === 'boolean'
      ? [type === 'BOOLEAN' || isInteger, 'a boolean, or 0 and 1']
      : [TEXT_TYPE.test(type), 'a text'];
  return fits ? [] : [`${feature.name} must be ${needed}, but is ${type}`];
}
