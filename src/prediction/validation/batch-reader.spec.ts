import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../bundle/contract.js';
import type { Customer, Feature } from '../../bundle/feature.js';
import { type FeatureTable, tableOf } from '../../model/feature-table.js';
import { BatchReader } from './batch-reader.js';
import { customerBatchDto } from '../dto/customer-batch.dto.js';
import { customerDto } from '../dto/customer.dto.js';
import { ValidationPipe } from './validation.pipe.js';

const common = { description: '', nullable: false } as const;
const FEATURES: readonly Feature[] = [
  { ...common, name: 'tenure', type: 'integer', bounds: {}, minimum: 0, maximum: 120 },
  { ...common, name: 'charges', type: 'number', bounds: {}, minimum: -1e6, maximum: 1e6 },
  { ...common, name: 'visits', type: 'number', nullable: true, bounds: {}, minimum: 0, maximum: 9 },
  { ...common, name: 'is "senior"', type: 'boolean' },
  { ...common, name: 'größe', type: 'boolean', nullable: true },
];
const CONTRACT: Contract = { features: FEATURES, examples: [], isExplained: false };
/** The graph takes them in another order. */
const LAYOUT = {
  numbers: ['größe', 'visits', 'tenure', 'is "senior"', 'charges'].map((name) => ({ name })),
  texts: [],
};
const pipe = new ValidationPipe(
  customerBatchDto(CONTRACT, customerDto(CONTRACT), { name: 'Batch', description: '', maxItems: 100 }),
);

function read(text: string): FeatureTable | undefined {
  return BatchReader.of(FEATURES, LAYOUT)?.read(Buffer.from(text))?.table;
}

/** By `JSON.parse` and the pipe. @returns undefined if they refuse it */
function readInTurn(text: string): FeatureTable | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return pipe.errorsOf(body).count === 0
    ? tableOf((body as { customers: readonly Customer[] }).customers, LAYOUT)
    : undefined;
}

const fewDecimals = fc.integer({ min: -99_999_999, max: 99_999_999 }).map((cents) => cents / 100);
const customer = fc.record({
  tenure: fc.integer({ min: 0, max: 120 }),
  charges: fewDecimals,
  visits: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 900 }).map((cents) => cents / 100),
  ),
  'is "senior"': fc.boolean(),
  größe: fc.option(fc.boolean()),
});
const batchText = fc
  .tuple(
    fc.array(customer, { minLength: 1, maxLength: 12 }),
    fc.shuffledSubarray(
      FEATURES.map(({ name }) => name),
      { minLength: FEATURES.length },
    ),
    fc.constantFrom('', '  ', '\t'),
  )
  .map(([customers, order, indent]) => {
    const ordered = customers.map((values) =>
      Object.fromEntries(order.map((name) => [name, values[name as keyof typeof values]])),
    );
    return JSON.stringify({ customers: ordered }, null, indent);
  });

const REPLACEMENTS = [
  '',
  '0',
  '1',
  '9',
  '-',
  '.',
  'e5',
  ',',
  ':',
  '"',
  '{',
  '}',
  '[',
  ']',
  'null',
  'true',
  'x',
  ' ',
  '\\',
];
const damage = fc.record({
  at: fc.nat(),
  length: fc.nat(3),
  by: fc.oneof(fc.constantFrom(...REPLACEMENTS), fc.constantFrom(...FEATURES.map(({ name }) => name))),
});

describe('BatchReader', () => {
  it('reads valid customers whose fields have any order in common, with any white space, as JSON.parse and the table do', () => {
    fc.assert(
      fc.property(batchText, (text) => {
        const table = read(text);
        expect(table).toBeDefined();
        expect(table).toEqual(readInTurn(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes nothing that JSON.parse and the validation refuse, and nothing in another sense', () => {
    fc.assert(
      fc.property(batchText, fc.array(damage, { minLength: 1, maxLength: 3 }), (text, damages) => {
        const damaged = damages.reduce((before, { at, length, by }) => {
          const start = at % before.length;
          return before.slice(0, start) + by + before.slice(start + length);
        }, text);
        const table = read(damaged);
        if (table !== undefined) {
          expect(table).toEqual(readInTurn(damaged));
        }
      }),
      { numRuns: 20_000 },
    );
  });

  const VALID = '"tenure":6,"charges":79.99,"visits":null,"is \\"senior\\"":true,"größe":false';
  it.each([
    ['a value out of bounds', VALID.replace('6', '121')],
    ['a number that is not whole', VALID.replace('6', '6.5')],
    ['a number in place of a boolean', VALID.replace('true', '1')],
    ['a boolean in place of a number', VALID.replace('6', 'true')],
    ['a text in place of a number', VALID.replace('6', '"6"')],
    ['null for what must be there', VALID.replace('6', 'null')],
    ['null right behind a value that is out of bounds', VALID.replace('null', '99null')],
    ['a field twice', VALID.replace('"charges":79.99', '"tenure":7')],
    ['a field twice, beside all others', `${VALID},"tenure":7`],
    ['an unknown field', `${VALID},"x":1`],
    ['a missing field', VALID.replace('"tenure":6,', '')],
    ['a gap that is absent', VALID.replace('"visits":null,', '')],
    ['a name that is written with escapes', VALID.replace('größe', 'gr\\u00f6\\u00dfe')],
  ])('leaves %s to JSON.parse and the validation', (_, fields) => {
    expect(read(`{"customers":[{${VALID}}]}`)).toBeDefined();
    expect(read(`{"customers":[{${fields}}]}`)).toBeUndefined();
  });

  it.each([
    '',
    '{}',
    '[]',
    '{"customers":[]}',
    `{"customers":[{${VALID}},]}`,
    `{"customers":[{${VALID}}]`,
    `{"customers":[{${VALID}}]}}`,
    `{"customers":[{${VALID}}],"more":1}`,
    `{"customers":{${VALID}}}`,
  ])('leaves %j to them', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('leaves customers whose fields have different orders to them', () => {
    const [first = '', second = '', ...others] = VALID.split(',');
    const other = [second, first, ...others].join(',');
    expect(read(`{"customers":[{${other}},{${other}}]}`)).toBeDefined();
    expect(read(`{"customers":[{${VALID}},{${other}}]}`)).toBeUndefined();
  });

  it('takes 100 customers, and no more', () => {
    const batchOf = (count: number): string => `{"customers":[${Array(count).fill(`{${VALID}}`).join(',')}]}`;
    expect(read(batchOf(100))?.rowCount).toBe(100);
    expect(read(batchOf(101))).toBeUndefined();
  });

  it('is for numbers and booleans', () => {
    const plan: Feature = { ...common, name: 'plan', type: 'category', unknown: 'refuse', categories: ['a'] };
    expect(BatchReader.of([...FEATURES, plan], LAYOUT)).toBeUndefined();
  });

  it('is for so few features that their order does not matter', () => {
    const features = Array.from({ length: 65 }, (_, index): Feature => ({
      ...common,
      name: `f${index}`,
      type: 'boolean',
    }));
    const layout = { numbers: features.map(({ name }) => ({ name })), texts: [] };
    expect(BatchReader.of(features.slice(1), layout)).toBeDefined();
    expect(BatchReader.of(features, layout)).toBeUndefined();
  });

  it('goes on after a batch that it does not take', () => {
    const reader = BatchReader.of(FEATURES, LAYOUT);
    expect(reader?.read(Buffer.from('{"customers":[{"charges":1,"tenure":999'))).toBeUndefined();
    expect(reader?.read(Buffer.from(`{"customers":[{${VALID}}]}`))?.table.rowCount).toBe(1);
  });
});
