import type { CategoryFeature, Feature } from '../bundle/feature.js';
import { sqlText } from './sql-text.js';
import type { ValueSql } from './value-sql.js';

/** In place of a category's number: the value is missing. */
export const MISSING = -1;
/** The value is a text that is not listed, or no text. */
export const OTHER = -2;

/** Numbers of the listed categories stand for them, since a text of each row would take longer than the pass. */
export function argumentsOf(feature: Feature, { typed, isMissing }: ValueSql): readonly string[] {
  switch (feature.type) {
    case 'integer':
    case 'number':
      return [numberOf(typed, isMissing)];
    case 'boolean':
      return [numberOf(`${typed}::INTEGER::DOUBLE`, isMissing)];
    case 'category':
      return categoryOf(feature, typed, isMissing);
  }
}

/** NaN where it is missing, and where it is no number infinity, which no feature accepts. */
function numberOf(number: string, isMissing: string): string {
  return `coalesce(${number}, CASE WHEN ${isMissing} THEN 'nan'::DOUBLE ELSE 'inf'::DOUBLE END)`;
}

function categoryOf({ categories, unknown }: CategoryFeature, text: string, isMissing: string): string[] {
  const listed = `TRY_CAST(${text} AS ENUM(${categories.map(sqlText).join(', ')}))`;
  const code = `coalesce(enum_code(${listed})::INTEGER, CASE WHEN ${isMissing} THEN ${MISSING} ELSE ${OTHER} END)`;
  // Only of a feature that accepts others the text itself is needed.
  return unknown === 'accept' ? [code, `CASE WHEN ${listed} IS NULL THEN ${text} END`] : [code];
}
