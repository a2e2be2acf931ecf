import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Feature, FeatureValue } from '../bundle/feature.js';
import { valueOfText } from '../bundle/text-value.js';
import { toPrediction } from '../prediction/to-prediction.js';
import { roundedProbability } from './query.js';
import { sqlText } from './sql-text.js';
import { valueSql } from './value-sql.js';

const NUMBER: Feature = {
  name: 'charge',
  type: 'number',
  description: '',
  nullable: true,
  bounds: {},
  minimum: -1e38,
  maximum: 1e38,
};
const BOOLEAN: Feature = { name: 'senior', type: 'boolean', description: '', nullable: true };
const CATEGORY: Feature = {
  name: 'plan',
  type: 'category',
  description: '',
  nullable: true,
  categories: ['a'],
  unknown: 'accept',
};

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
});

/** What SQL reads of each text: its value, and whether it is missing. */
async function read(feature: Feature, texts: readonly string[]): Promise<unknown[][]> {
  const { typed, isMissing } = valueSql(feature, 'csv', 'text');
  const rows = texts.map((text) => `(${sqlText(text)})`).join(', ');
  const result = await connection.runAndReadAll(
    `SELECT ${typed}, ${isMissing} FROM (VALUES ${rows}) AS cells(text)`,
  );
  return result.getRows();
}

/** The same by `valueOfText`. */
function expected(feature: Feature, text: string): [FeatureValue, boolean] {
  const value = valueOfText(feature, text);
  const type = feature.type === 'category' ? 'string' : feature.type;
  return [typeof value === type ? value : null, value === null];
}

/** DuckDB's literals hold no NUL. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
  fc.stringMatching(/^[ \t]{0,2}[+-]?[0-9_.]{0,8}([eE][+-]?[0-9]{0,4})?[ \u00a0]{0,2}$/),
  fc.double().map(String),
  fc.constantFrom('inf', '-Infinity', 'nan', 'NaN', '0x10', '1_000', '1e400', '\u00a05\u2003', '\v5', '٣'),
  fc.constantFrom('true', 'TRUE', 'False', '0', '1', ' true', 't', 'yes', ''),
);

describe('the value of a CSV cell in SQL', () => {
  it.each([NUMBER, BOOLEAN, CATEGORY])('is that of valueOfText ($type)', async (feature) => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 50 }), async (cells) => {
        expect(await read(feature, cells)).toEqual(cells.map((text) => expected(feature, text)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a probability rounded in SQL', () => {
  it('is as the API rounds it', async () => {
    const model = { thresholds: { decision: 0.5, medium: 0.4, high: 0.7 }, version: '1' };
    const halves = fc.integer({ min: 0, max: 9999 }).map((step) => (step + 0.5) / 10_000);
    const probability = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      halves,
      fc.constant(4.999999999999999e-5),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(probability, { minLength: 1, maxLength: 200 }), async (values) => {
        const rows = values.map((value) => `(${value}::DOUBLE)`).join(', ');
        const result = await connection.runAndReadAll(
          `SELECT ${roundedProbability('p')} FROM (VALUES ${rows}) AS scores(p)`,
        );
        const rounded = values.map((value) => [toPrediction(value, model).churn_probability + 0]);
        expect(result.getRows()).toEqual(rounded);
      }),
    );
  });
});
