import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerAt, type FeatureColumns, refusedRows } from './feature-columns.js';
import { type Feature, isAccepted } from './feature.js';

const nothing = { description: '' };
const FEATURES: readonly Feature[] = [
  { ...nothing, name: 'tenure', type: 'integer', nullable: false, bounds: {}, minimum: 0, maximum: 120 },
  { ...nothing, name: 'charge', type: 'number', nullable: true, bounds: {}, minimum: -1.5, maximum: 500 },
  { ...nothing, name: 'senior', type: 'boolean', nullable: true },
  { ...nothing, name: 'plan', type: 'category', nullable: true, categories: ['a', 'b'], unknown: 'refuse' },
  {
    ...nothing,
    name: 'city',
    type: 'category',
    nullable: false,
    categories: ['Bern'],
    unknown: 'accept',
    missingText: 'nan',
  },
];

const anyNumber = fc.oneof(fc.constantFrom(NaN, 0, 1, 2, 120, 120.5, -1.5, 500, Infinity), fc.double());
const anyText = fc.oneof(fc.constantFrom(null, 'a', 'b', 'c', 'Bern', 'nan', 'x\0y'), fc.string());
const anyColumns: fc.Arbitrary<FeatureColumns> = fc
  .array(fc.tuple(anyNumber, anyNumber, anyNumber, anyText, anyText), { maxLength: 20 })
  .map((rows) => ({
    rowCount: rows.length,
    numbers: new Map(
      ['tenure', 'charge', 'senior'].map((name, column) => [
        name,
        Float64Array.from(rows, (row) => row[column] as number),
      ]),
    ),
    texts: new Map(
      ['plan', 'city'].map((name, column) => [name, rows.map((row) => row[column + 3] as string | null)]),
    ),
  }));

describe('refusedRows', () => {
  it('are those that have a value which the API refuses', () => {
    fc.assert(
      fc.property(anyColumns, (columns) => {
        const refused = Array.from({ length: columns.rowCount }, (_, row) => row).filter((row) => {
          const customer = customerAt(FEATURES, columns, row);
          return !FEATURES.every((feature) => isAccepted(feature, customer[feature.name]));
        });
        expect(refusedRows(FEATURES, columns)).toEqual(refused);
      }),
    );
  });

  it('are all rows, if a column is missing that must be there', () => {
    expect(refusedRows(FEATURES, { rowCount: 2, numbers: new Map(), texts: new Map() })).toEqual([0, 1]);
  });
});

describe('customerAt', () => {
  it('has booleans as booleans, and null for what is missing', () => {
    const columns: FeatureColumns = {
      rowCount: 1,
      numbers: new Map([
        ['tenure', Float64Array.of(3)],
        ['charge', Float64Array.of(NaN)],
        ['senior', Float64Array.of(1)],
      ]),
      texts: new Map([['plan', ['a']]]),
    };
    expect(customerAt(FEATURES, columns, 0)).toEqual({
      tenure: 3,
      charge: null,
      senior: true,
      plan: 'a',
      city: null,
    });
  });
});
