import type { Feature } from '../bundle/feature.js';
import type { Thresholds } from '../bundle/manifest.js';
import { argumentsOf } from './feature-arguments.js';
import type { FileFormat, FileKind } from './file-format.js';
import { type Input, IS_OBJECT, isNumbered, lineReaderOf, readerOf } from './input.js';
import { sqlList, sqlName, sqlText } from './sql-text.js';
import { valueSql } from './value-sql.js';

/** Names of the functions that score-functions.ts registers. */
export const SCORE = 'churn_score';
export const ERRORS = 'churn_errors';
export const SET_APART = 'churn_set_apart';

export interface ScoreQuery {
  readonly input: Input;
  readonly features: readonly Feature[];
  readonly kept: readonly string[];
  readonly where: string | undefined;
  /** Whether each row gets its number, which takes one thread unless the file is Parquet. */
  readonly areRowsNumbered: boolean;
  readonly areErrorsApart: boolean;
  readonly thresholds: Thresholds;
  readonly version: string;
  readonly outputKind: FileKind;
}

// No column of a file is called so.
const ROW = sqlName('score: row');
const PROBABILITY = sqlName('score: probability');
const IS_SCORED = `${PROBABILITY} BETWEEN 0 AND 1`;
const raw = (index: number): string => sqlName(`score: raw ${index}`);

/** The rows of the answer, in the order of the input. */
export function answerQuery(query: ScoreQuery): string {
  const columns = [...query.kept.map((name) => keptColumn(query, name)), ...answerColumns(query)];
  // Of an OR, DuckDB tries the other side first now and then.
  const condition = query.areErrorsApart
    ? `\nWHERE CASE WHEN ${IS_SCORED} THEN true ELSE ${SET_APART}(${[...errorArguments(query), ...query.kept.map((name) => textOf(query, name))].join(', ')}) END`
    : '';
  return `SELECT ${sqlList(columns)}\nFROM (${scoredRows(query)})${condition}`;
}

/** COPY's options. */
export function copyOptions({ kind, compression }: FileFormat): string {
  switch (kind) {
    case 'csv':
      return `FORMAT csv, HEADER, DELIMITER ',', QUOTE '"', ESCAPE '"', COMPRESSION ${compression}`;
    case 'ndjson':
      return `FORMAT json, COMPRESSION ${compression === 'none' ? 'uncompressed' : compression}`;
    case 'parquet':
      return 'FORMAT parquet';
  }
}

/** The rows as they came, chosen by the condition, with the probability of each. */
function scoredRows({ input, features, where, areRowsNumbered }: ScoreQuery): string {
  const { kind } = input.format;
  // The model scores a row without values, which must not be the one of a line that is no object.
  const areLinesChecked = kind === 'ndjson' && features.every(({ nullable }) => nullable);
  const rows = `SELECT ${sqlList([
    `${rowNumber(input, areRowsNumbered)} AS ${ROW}`,
    ...(areLinesChecked ? [IS_OBJECT] : []),
    ...input.columns.map(({ name }, index) => `${sqlName(name)} AS ${raw(index)}`),
    ...(where === undefined ? [] : input.columns.map(({ name }) => conditionColumn(name, features, kind))),
  ])}\nFROM ${areLinesChecked ? lineReaderOf(input) : readerOf(input)}`;
  const values = features.flatMap((feature) => {
    const value = valueSql(feature, kind, rawOf(input, feature.name));
    const isMissing = areLinesChecked ? `(${IS_OBJECT} AND ${value.isMissing})` : value.isMissing;
    return argumentsOf(feature, { ...value, isMissing });
  });
  // The condition may end in a comment.
  const condition = where === undefined ? '' : `\nWHERE (${where}\n)`;
  return `SELECT *, ${SCORE}(${sqlList(values)}) AS ${PROBABILITY}\nFROM (${rows})${condition}`;
}

function rowNumber(input: Input, areRowsNumbered: boolean): string {
  if (isNumbered(input)) {
    return 'file_row_number + 1';
  }
  return areRowsNumbered ? 'row_number() OVER ()' : 'NULL::BIGINT';
}

/** As a condition sees it: a feature in its type, and any other column of CSV and NDJSON as a text. */
function conditionColumn(name: string, features: readonly Feature[], kind: FileKind): string {
  const feature = features.find((candidate) => candidate.name === name);
  const column = sqlName(name);
  const value =
    feature !== undefined
      ? valueSql(feature, kind, column).typed
      : kind === 'ndjson'
        ? `${column} ->> '$'`
        : column;
  return `${value} AS ${column}`;
}

/** A run without numbers ends at the first refused row, so all of its rows are scored. */
function answerColumns({ thresholds, version, areErrorsApart, outputKind, ...query }: ScoreQuery): string[] {
  const { decision, medium, high } = thresholds;
  const tier = `CASE WHEN ${PROBABILITY} >= ${high} THEN 'HIGH' WHEN ${PROBABILITY} >= ${medium} THEN 'MEDIUM' ELSE 'LOW' END`;
  const scored = (value: string, name: string): string =>
    `${query.areRowsNumbered ? `CASE WHEN ${IS_SCORED} THEN ${value} END` : value} AS ${name}`;
  const errors = query.areRowsNumbered
    ? `CASE WHEN NOT ${IS_SCORED} THEN ${ERRORS}(${errorArguments(query).join(', ')}) END`
    : 'NULL::VARCHAR';
  return [
    scored(roundedProbability(PROBABILITY), 'churn_probability'),
    scored(`${PROBABILITY} >= ${decision}`, 'churn_prediction'),
    scored(tier, 'risk_tier'),
    scored(sqlText(version), 'model_version'),
    ...(areErrorsApart ? [] : [`${errors}${outputKind === 'ndjson' ? '::JSON' : ''} AS errors`]),
  ];
}

/** To four decimals as `toPrediction` does: Math.round rounds a half up, which DuckDB's round does not. */
export function roundedProbability(probability: string): string {
  const scaled = `(${probability} * 10000)`;
  return `(floor(${scaled}) + CASE WHEN ${scaled} - floor(${scaled}) >= 0.5 THEN 1 ELSE 0 END) / 10000`;
}

/** The number of the row, its probability, and the values of the features as texts. */
function errorArguments({ input, features }: Pick<ScoreQuery, 'input' | 'features'>): string[] {
  const values = features.map((feature) => {
    const column = rawOf(input, feature.name);
    const { isMissing, text } = valueSql(feature, input.format.kind, column);
    return `CASE WHEN NOT (${isMissing}) THEN ${text} END`;
  });
  return [ROW, PROBABILITY, ...values];
}

function keptColumn(query: ScoreQuery, name: string): string {
  const { input, outputKind } = query;
  const value =
    input.format.kind === 'ndjson' && outputKind === 'ndjson'
      ? writableJson(rawOf(input, name))
      : untyped(input, name);
  return `${value} AS ${sqlName(name)}`;
}

/** `NaN` and `Infinity`, which DuckDB takes for JSON, as texts: with them the line of the answer would be none. */
function writableJson(json: string): string {
  const text = `${json}::VARCHAR`;
  return `CASE WHEN NOT isfinite(TRY_CAST(${text} AS DOUBLE)) THEN to_json(${text}) ELSE ${json} END`;
}

function textOf({ input }: ScoreQuery, name: string): string {
  return `${untyped(input, name)}::VARCHAR`;
}

/** A text of NDJSON without its quotes, and any other value as it is. */
function untyped(input: Input, name: string): string {
  const column = rawOf(input, name);
  return input.format.kind === 'ndjson' ? `${column} ->> '$'` : column;
}

function rawOf({ columns }: Input, name: string): string {
  return raw(columns.findIndex((column) => column.name === name));
}
