import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { isJsonObject } from '../validation/trim-body.js';
import { type DtoClass, dtoSchema } from '../validation/dto-schema.js';
import { fieldErrors } from '../validation/field-errors.js';
import { ValidationPipe } from '../validation/validation.pipe.js';
import { CustomerBatchDto } from './customer-batch.dto.js';
import { CustomerDto } from './customer.dto.js';

const pipe = new ValidationPipe([CustomerDto, CustomerBatchDto]);

/** What the contract says of a customer, written as plainly as possible. */
function isCustomer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const customer = value as Record<string, unknown>;
  const own = (name: string): unknown => (Object.hasOwn(customer, name) ? customer[name] : undefined);
  const isInteger = (field: unknown, from: number, to: number): boolean =>
    Number.isInteger(field) && Number(field) >= from && Number(field) <= to;
  const isNumber = (field: unknown, from: number, to: number): boolean =>
    typeof field === 'number' && field >= from && field <= to;
  return (
    isInteger(own('tenure_months'), 0, 120) &&
    isNumber(own('monthly_charges'), 0, 500) &&
    isNumber(own('total_charges'), 0, Infinity) &&
    Number.isFinite(Math.fround(Number(own('total_charges')))) &&
    isInteger(own('num_products'), 1, 10) &&
    isInteger(own('has_support_calls'), 0, 1)
  );
}

function isBatch(value: unknown): boolean {
  const { customers } = (value ?? {}) as { customers?: unknown };
  return (
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Array.isArray(customers) &&
    customers.length >= 1 &&
    customers.length <= 100 &&
    customers.every(isCustomer)
  );
}

function gateAccepts(metatype: DtoClass, body: unknown): boolean {
  try {
    return pipe.transform(body, { type: 'body', metatype }) === body;
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemException);
    expect((error as ProblemException).errors).not.toHaveLength(0);
    return false;
  }
}

function classValidatorAccepts(dto: DtoClass, body: unknown): boolean {
  return isJsonObject(body) && fieldErrors(dto, dtoSchema(dto), body).length === 0;
}

/** A value that is valid, just outside, or of a wrong kind. */
function field(valid: fc.Arbitrary<number>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: valid },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        -1,
        0,
        1,
        10,
        11,
        120,
        121,
        500,
        500.01,
        0.5,
        1e39,
        3.4028235677973362e38,
        3.4028235677973366e38,
        Infinity,
        -0,
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined, true, '', '6', [], [6], {}, { value: 6 }) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
}

const customer = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        tenure_months: field(fc.integer({ min: 0, max: 120 })),
        monthly_charges: field(fc.double({ min: 0, max: 500, noNaN: true })),
        total_charges: field(fc.double({ min: 0, max: 1e6, noNaN: true })),
        num_products: field(fc.integer({ min: 1, max: 10 })),
        has_support_calls: field(fc.integer({ min: 0, max: 1 })),
        ['__proto__']: fc.constantFrom(1, {}, { tenure_months: 6 }),
        constructor: fc.jsonValue(),
        customer_id: fc.string(),
      },
      { requiredKeys: ['monthly_charges', 'total_charges', 'num_products'] },
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** As it comes over the wire: infinity as a number beyond the range of a double. */
function overTheWire(value: unknown): unknown {
  const marker = 'INFINITY-MARKER';
  const mark = (_key: string, item: unknown): unknown => (item === Infinity ? marker : item);
  const text = JSON.stringify(value, mark) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text.replaceAll(`"${marker}"`, '1e999'));
}

const MAX_FLOAT32 = 3.4028235677973362e38;

describe('the schema of the gate', () => {
  it('says every constraint of every field of the API', () => {
    expect(dtoSchema(CustomerBatchDto)).toEqual({
      type: 'object',
      required: ['customers'],
      properties: {
        customers: {
          type: 'array',
          minItems: 1,
          maxItems: 100,
          items: {
            type: 'object',
            required: [
              'tenure_months',
              'monthly_charges',
              'total_charges',
              'num_products',
              'has_support_calls',
            ],
            properties: {
              tenure_months: { type: 'integer', minimum: 0, maximum: 120 },
              monthly_charges: { type: 'number', minimum: 0, maximum: 500 },
              total_charges: { type: 'number', minimum: 0, maximum: MAX_FLOAT32 },
              num_products: { type: 'integer', minimum: 1, maximum: 10 },
              has_support_calls: { type: 'integer', minimum: 0, maximum: 1 },
            },
          },
        },
      },
    });
  });
});

describe('the gate, class-validator and the contract', () => {
  it('accept the same customers', () => {
    let accepted = 0;
    fc.assert(
      fc.property(customer, (value) => {
        const body = overTheWire(value);
        const isValid = isCustomer(body);
        accepted += Number(isValid);
        expect(gateAccepts(CustomerDto, body)).toBe(isValid);
        expect(classValidatorAccepts(CustomerDto, body)).toBe(isValid);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(250);
  });

  it('accept the same batches', () => {
    const customers = fc.array(customer, { maxLength: 4 });
    const nested = fc.array(customers, { maxLength: 2 });
    let accepted = 0;
    fc.assert(
      fc.property(fc.record({ customers: fc.oneof(customers, customers, nested, customer) }), (value) => {
        const body = overTheWire(value);
        const isValid = isBatch(body);
        accepted += Number(isValid);
        expect(gateAccepts(CustomerBatchDto, body)).toBe(isValid);
        expect(classValidatorAccepts(CustomerBatchDto, body)).toBe(isValid);
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
