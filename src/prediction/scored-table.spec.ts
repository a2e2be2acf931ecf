import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Feature } from '../bundle/feature.js';
import { customerAt, type FeatureColumns } from '../bundle/feature-columns.js';
import { CategoryCodes } from '../model/category-codes.js';
import { tableOfColumns } from '../model/feature-table.js';
import { ScoredTable } from './scored-table.js';

const nothing = { description: '' };
const category = { ...nothing, type: 'category', unknown: 'accept' } as const;
const FEATURES: readonly Feature[] = [
  { ...category, name: 'plan', nullable: true, categories: ['a'], missingText: 'nan' },
  { ...nothing, name: 'tenure', type: 'number', nullable: true, bounds: {}, minimum: 0, maximum: 9 },
  { ...nothing, name: 'senior', type: 'boolean', nullable: true },
  { ...category, name: 'city', nullable: false, categories: ['nan', 'Bern'] },
];
const PLAN = 'plan';
const CITY = 'city';
const NUMBERS = [{ name: 'senior' }, { name: 'tenure' }];
const TEXTS = [CITY, PLAN].map((name) => ({ name, missingText: 'nan' }));
/** What the table has of the texts does not matter. */
const LAYOUTS = [
  { numbers: NUMBERS, texts: TEXTS },
  {
    numbers: [{ name: PLAN, codes: new CategoryCodes(['a']) }, ...NUMBERS],
    texts: TEXTS.filter(({ name }) => name === CITY),
  },
];

const anyColumns: fc.Arbitrary<FeatureColumns> = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constant(NaN), fc.double({ min: 0, max: 9 })),
      fc.constantFrom(0, 1, NaN),
      fc.constantFrom(null, 'a', 'b'),
      fc.constantFrom('nan', 'Bern'),
    ),
    { maxLength: 20 },
  )
  .map((rows) => ({
    rowCount: rows.length,
    numbers: new Map([
      ['tenure', Float64Array.from(rows, ([tenure]) => tenure)],
      ['senior', Float64Array.from(rows, ([, senior]) => senior)],
    ]),
    texts: new Map<string, (string | null)[]>([
      ['plan', rows.map(([, , plan]) => plan)],
      ['city', rows.map(([, , , city]) => city)],
    ]),
  }));

describe('ScoredTable', () => {
  it.each(LAYOUTS)('shows the customers whose values are in the table', (layout) => {
    fc.assert(
      fc.property(anyColumns, (columns) => {
        const table = tableOfColumns(columns, layout);
        const scored = new ScoredTable(
          FEATURES,
          layout,
          columns.texts,
          table,
          new Float64Array(columns.rowCount),
        );
        expect(scored.customers).toEqual(
          Array.from({ length: columns.rowCount }, (_, row) => customerAt(FEATURES, columns, row)),
        );
      }),
    );
  });
});
