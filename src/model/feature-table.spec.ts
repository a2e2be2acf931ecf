import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Customer } from '../bundle/feature.js';
import { CategoryCodes } from './category-codes.js';
import {
  concatenateTables,
  layoutOf,
  repeatRows,
  rowValues,
  tableOf,
  tableOfColumns,
} from './feature-table.js';

const PAYMENTS = ['cash', 'constructor'];
const LAYOUT = layoutOf({
  inputs: [
    { name: 'texts', type: 'string', features: ['plan'], missing_text: 'nan' },
    {
      name: 'numbers',
      type: 'float32',
      features: ['charge', 'payment', 'is_new'],
      category_codes: true,
      missing_text: '?',
    },
    { name: 'more', type: 'string', features: ['city'] },
  ],
  features: [
    ...['charge', 'is_new'].map((name) => ({ name, type: 'number' }) as const),
    ...['plan', 'city'].map((name) => ({ name, type: 'category', categories: ['a'] }) as const),
    { name: 'payment', type: 'category', categories: PAYMENTS, unknown: 'accept', nullable: true },
  ],
});

const customers = fc.array(
  fc.record({
    charge: fc.option(fc.double({ noNaN: true })),
    is_new: fc.boolean(),
    payment: fc.option(fc.oneof(fc.constantFrom(...PAYMENTS), fc.string())),
    plan: fc.option(fc.string()),
    city: fc.string(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** A customer as the graph sees it. */
function seen({ charge, is_new: isNew, payment, plan, city }: Customer): Record<string, unknown> {
  const isKnown = PAYMENTS.includes(String(payment));
  return {
    charge: charge ?? NaN,
    payment: isKnown ? payment : payment === null ? '(missing)' : '(unknown category)',
    is_new: Number(isNew),
    plan: plan ?? 'nan',
    city,
  };
}

describe('layoutOf', () => {
  it('has the features in the order of the inputs, numbers and texts apart', () => {
    expect(LAYOUT).toEqual({
      numbers: [
        { name: 'charge' },
        { name: 'payment', codes: new CategoryCodes(PAYMENTS) },
        { name: 'is_new' },
      ],
      texts: [
        { name: 'plan', missingText: 'nan' },
        { name: 'city', missingText: '' },
      ],
    });
  });
});

describe('tableOf', () => {
  it('makes a row for each customer, a boolean 1 or 0, a category its code, a missing number NaN and a missing text its stand-in', () => {
    const table = tableOf(
      [
        { city: 'Bern', plan: 'basic', is_new: true, charge: 9.5, payment: 'constructor' },
        { city: 'Genf', is_new: false, charge: null },
        { city: 'Chur', is_new: true, charge: 0, payment: 'toString' },
      ],
      LAYOUT,
    );
    expect(table).toEqual({
      rowCount: 3,
      numbers: Float64Array.of(9.5, 2, 1, NaN, 3, 0, 0, 0, 1),
      texts: ['basic', 'Bern', 'nan', 'Genf', 'nan', 'Chur'],
    });
  });
});

describe('tableOfColumns', () => {
  it('makes the same rows of columns as of customers', () => {
    fc.assert(
      fc.property(customers, (rows) => {
        const columns = {
          rowCount: rows.length,
          numbers: new Map([
            ['is_new', Float64Array.from(rows, (row) => Number(row.is_new))],
            ['charge', Float64Array.from(rows, (row) => row.charge ?? NaN)],
          ]),
          texts: new Map([
            ['payment', rows.map(({ payment }) => payment)],
            ['city', rows.map(({ city }) => city)],
            ['plan', rows.map(({ plan }) => plan)],
          ]),
        };
        expect(tableOfColumns(columns, LAYOUT)).toEqual(tableOf(rows, LAYOUT));
      }),
    );
  });
});

describe('tables', () => {
  it('keep the values of each row, wherever they are joined', () => {
    fc.assert(
      fc.property(fc.array(customers, { minLength: 1, maxLength: 5 }), (batches) => {
        const joined = concatenateTables(batches.map((batch) => tableOf(batch, LAYOUT)));
        expect(joined.rowCount).toBe(batches.flat().length);
        batches.flat().forEach((customer, row) => {
          expect(rowValues(joined, row, LAYOUT)).toEqual(seen(customer));
        });
      }),
    );
  });

  it('repeat their rows in turn', () => {
    const table = tableOf(
      [
        { charge: 1, payment: 'cash', is_new: true, plan: 'a', city: 'x' },
        { charge: 2, payment: null, is_new: false, plan: 'b', city: 'y' },
      ],
      LAYOUT,
    );
    const { rowCount, numbers, texts } = repeatRows(table, 3);
    expect([rowCount, [...numbers], texts]).toEqual([
      3,
      [1, 1, 1, 2, 3, 0, 1, 1, 1],
      ['a', 'x', 'b', 'y', 'a', 'x'],
    ]);
  });
});
