import { type Feature, isNumberFeature } from '../bundle/feature.js';
import type { FileKind } from './file-format.js';
import { sqlText } from './sql-text.js';

/** How SQL reads the values of a feature from a column as it came. */
export interface ValueSql {
  /** DOUBLE, BOOLEAN or VARCHAR; NULL where the value is missing or is no value of the feature's type. */
  readonly typed: string;
  /** Whether the value is missing. */
  readonly isMissing: string;
  /** VARCHAR; the value that was checked, to show what is wrong with it. */
  readonly text: string;
}

/** What JavaScript's \s matches; DuckDB's casts and patterns know spaces of ASCII only. */
const WHITE_SPACE =
  '[\\s\\x{0b}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]*';
/** As `valueOfText` takes a number. */
const DECIMAL = `^${WHITE_SPACE}([+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?)${WHITE_SPACE}$`;

/**
 * @param column an expression of the column as it came: VARCHAR in CSV, JSON in NDJSON, and any type in Parquet
 */
export function valueSql(feature: Feature, kind: FileKind, column: string): ValueSql {
  switch (kind) {
    case 'csv':
      return { typed: typedText(feature, column), isMissing: `coalesce(${column} = '', true)`, text: column };
    case 'ndjson':
      return {
        typed: typedJson(feature, `${column}::VARCHAR`, column),
        isMissing: `coalesce(${column}::VARCHAR = 'null', true)`,
        text: `${column}::VARCHAR`,
      };
    case 'parquet':
      return typedColumn(feature, column);
  }
}

/** As `valueOfText` reads a cell; a test compares the two. */
function typedText(feature: Feature, text: string): string {
  if (isNumberFeature(feature)) {
    const cast = `TRY_CAST(${text} AS DOUBLE)`;
    // The cast takes `1_000`, `inf` and `nan` too. The pattern takes three times as long, and is tried where it fails.
    return `CASE WHEN isfinite(${cast}) AND NOT contains(${text}, '_') THEN ${cast} ELSE TRY_CAST(regexp_extract(${text}, ${sqlText(DECIMAL)}, 1) AS DOUBLE) END`;
  }
  return feature.type === 'boolean'
    ? `CASE lower(${text}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END`
    : `nullif(${text}, '')`;
}

/** As the API reads JSON: no text stands for a number. */
function typedJson(feature: Feature, text: string, json: string): string {
  if (isNumberFeature(feature)) {
    const cast = `TRY_CAST(${text} AS DOUBLE)`;
    // DuckDB takes `NaN` and `Infinity` for JSON.
    return `CASE WHEN isfinite(${cast}) THEN ${cast} END`;
  }
  return feature.type === 'boolean'
    ? `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false END`
    : `CASE WHEN starts_with(${text}, '"') THEN ${json} ->> '$' END`;
}

function typedColumn(feature: Feature, column: string): ValueSql {
  if (isNumberFeature(feature)) {
    const number = `${column}::DOUBLE`;
    return {
      typed: `CASE WHEN NOT isnan(${number}) THEN ${number} END`,
      isMissing: `coalesce(isnan(${number}), true)`,
      // The nearest float32 of a decimal is shown as the decimal, though it is another number.
      text: `${number}::VARCHAR`,
    };
  }
  const isMissing = `${column} IS NULL`;
  const text = `${column}::VARCHAR`;
  return feature.type === 'boolean'
    ? { typed: `CASE ${column}::DOUBLE WHEN 1 THEN true WHEN 0 THEN false END`, isMissing, text }
    : { typed: text, isMissing, text };
}
