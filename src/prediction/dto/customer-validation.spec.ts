import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../bundle/contract.js';
import { type Feature, isFeatureName } from '../../bundle/feature.js';
import type { DtoClass } from '../validation/dto-fields.js';
import { ValidationPipe } from '../validation/validation.pipe.js';
import { customerBatchDto } from './customer-batch.dto.js';
import { customerDto } from './customer.dto.js';

const MAX_FLOAT32 = 3.4028235677973362e38;

/** Whether a value fits a feature, said as plainly as possible. */
function fits(feature: Feature, value: unknown): boolean {
  if (value === null || value === undefined) {
    return feature.nullable;
  }
  switch (feature.type) {
    case 'integer':
      return Number.isInteger(value) && Number(value) >= feature.minimum && Number(value) <= feature.maximum;
    case 'number':
      return typeof value === 'number' && value >= feature.minimum && value <= feature.maximum;
    case 'boolean':
      return value === true || value === false;
    case 'category':
      if (feature.unknown === 'refuse') {
        return feature.categories.some((category) => category === value);
      }
      return (
        typeof value === 'string' &&
        Array.from(value).length <= 256 &&
        !value.includes('\0') &&
        value.isWellFormed() &&
        value !== feature.missingText
      );
  }
}

function isCustomer({ features }: Contract, body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return false;
  }
  const values = new Map(Object.entries(body));
  return features.every((feature) => fits(feature, values.get(feature.name)));
}

function isBatch(contract: Contract, body: unknown): boolean {
  const { customers } = body as { customers?: unknown };
  return (
    Array.isArray(customers) &&
    customers.length >= 1 &&
    customers.length <= 100 &&
    customers.every((customer) => isCustomer(contract, customer))
  );
}

/** A customer with its declared fields only, or what class-validator takes for none: it would look into an array. */
function declaredFields({ features }: Contract, customer: unknown): unknown {
  if (typeof customer !== 'object' || customer === null || Array.isArray(customer)) {
    return null;
  }
  const values = customer as Record<string, unknown>;
  const names = features.map(({ name }) => name).filter((name) => Object.hasOwn(values, name));
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

function classValidatorAccepts(dto: DtoClass, body: unknown): boolean {
  return body !== null && validateSync(plainToInstance(dto, body as object)).length === 0;
}

const name = fc
  .oneof(
    fc.constantFrom(
      'tenure',
      'Monthly Charges',
      'größe',
      'a.b/c~d',
      '0',
      '$value',
      'a"b',
      "it's",
      '😀',
      'length',
    ),
    fc.stringMatching(/^[a-z_]{1,12}$/),
    fc.string({ minLength: 1, unit: 'grapheme' }),
  )
  .filter(isFeatureName);
const categories = fc.uniqueArray(
  fc.oneof(fc.constantFrom('Yes', 'No', 'No internet', 'Bank transfer (automatic)', ''), fc.string()),
  { minLength: 1, maxLength: 30 },
);
const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 100 }));
const LIMITS = { minimum: -MAX_FLOAT32, maximum: MAX_FLOAT32 };

function feature(featureName: string): fc.Arbitrary<Feature> {
  const common = { name: fc.constant(featureName), description: fc.constant(''), nullable: fc.boolean() };
  const numeric = fc
    .record({
      ...common,
      type: fc.constantFrom('integer', 'number'),
      range,
      isBounded: fc.constantFrom(0, 1, 2),
    })
    .map(({ range: [from, width], isBounded, ...rest }) => {
      const bounds = {
        ...(isBounded > 0 && { minimum: from }),
        ...(isBounded > 1 && { maximum: from + width }),
      };
      return { ...rest, ...LIMITS, ...bounds, bounds };
    });
  return fc.oneof(
    numeric,
    fc.record({ ...common, type: fc.constant('boolean' as const) }),
    fc.record({
      ...common,
      type: fc.constant('category' as const),
      categories,
      unknown: fc.constantFrom('refuse', 'accept'),
      missingText: fc.constant('<missing>'),
    }),
  );
}

const contracts: fc.Arbitrary<Contract> = fc
  .uniqueArray(name, { minLength: 1, maxLength: 6 })
  .chain((names) => fc.tuple(...names.map(feature)))
  .map((features) => ({ features, examples: [{ customer: {} }], isExplained: false }));

/** Values of all kinds, at and beyond limits that contracts have. */
const STRANGE_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  '',
  '6',
  'Yes',
  'yes',
  [],
  [6],
  ['Yes'],
  {},
  { value: 6 },
  0,
  -0,
  1,
  0.5,
  -51,
  150,
  150.5,
  MAX_FLOAT32,
  -MAX_FLOAT32,
  3.4028235677973366e38,
  -1e39,
  Infinity,
  'x'.repeat(256),
  'x'.repeat(257),
  '😀'.repeat(256),
  '😀'.repeat(257),
  '\u2764\ufe0f'.repeat(200),
  'a\0b',
  '\ud800',
  '<missing>',
];

function valueFor(aFeature: Feature): fc.Arbitrary<unknown> {
  const strange = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...STRANGE_VALUES) }, fc.jsonValue());
  const likely = ((): fc.Arbitrary<unknown> => {
    switch (aFeature.type) {
      case 'integer':
        return fc.integer({ min: -60, max: 160 });
      case 'number':
        return fc.double({ min: -60, max: 160, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'category':
        return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...aFeature.categories) }, fc.string());
    }
  })();
  return fc.oneof({ weight: 12, arbitrary: likely }, { weight: 1, arbitrary: strange });
}

function customerFor({ features }: Contract): fc.Arbitrary<unknown> {
  const fields: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
    features.map((aFeature) => [aFeature.name, valueFor(aFeature)]),
  );
  const customer = fc.record(
    {
      ...fields,
      ['__proto__']: fc.constantFrom(
        1,
        {},
        Object.fromEntries(features.map((aFeature) => [aFeature.name, 6])),
      ),
      constructor: fc.jsonValue(),
      customer_id: fc.string(),
    },
    { requiredKeys: features.slice(1).map((aFeature) => aFeature.name) as never[] },
  );
  return fc.oneof({ weight: 12, arbitrary: customer }, { weight: 1, arbitrary: fc.jsonValue() });
}

/** As it comes over the wire: infinity as a number beyond the range of a double. */
function overTheWire(value: unknown): unknown {
  const marker = 'INFINITY-MARKER';
  const mark = (_key: string, item: unknown): unknown => (item === Infinity ? marker : item);
  const text = JSON.stringify(value, mark) as string | undefined;
  return text === undefined ? null : JSON.parse(text.replaceAll(`"${marker}"`, '1e999'));
}

const CONTRACTS = 100;
const BODIES_OF_EACH = 80;

describe('the gate, class-validator and the contract', () => {
  it('accept the same customers and batches of any contract', () => {
    let accepted = 0;
    let bodies = 0;
    for (const contract of fc.sample(contracts, { numRuns: CONTRACTS, seed: 14 })) {
      const dto = customerDto(contract);
      const batchDto = customerBatchDto(contract, dto, { name: 'Batch', description: '', maxItems: 100 });
      const pipe = new ValidationPipe(dto);
      const batchPipe = new ValidationPipe(batchDto);
      const customer = customerFor(contract).map(overTheWire);
      fc.assert(
        fc.property(customer, (body) => {
          const isValid = isCustomer(contract, body);
          accepted += Number(isValid);
          bodies++;
          expect(pipe.errorsOf(body).count === 0).toBe(isValid);
          expect(classValidatorAccepts(dto, declaredFields(contract, body))).toBe(isValid);
        }),
        { numRuns: BODIES_OF_EACH },
      );
      const customers = fc.array(customer, { maxLength: 3 });
      fc.assert(
        fc.property(fc.oneof({ weight: 4, arbitrary: customers }, fc.array(customers), customer), (value) => {
          const body = { customers: value };
          const isValid = isBatch(contract, body);
          bodies++;
          expect(batchPipe.errorsOf(body).count === 0).toBe(isValid);
          const declared = Array.isArray(value) ? value.map((item) => declaredFields(contract, item)) : value;
          expect(classValidatorAccepts(batchDto, { customers: declared })).toBe(isValid);
        }),
        { numRuns: BODIES_OF_EACH / 4 },
      );
    }
    expect(bodies).toBeGreaterThanOrEqual(10_000);
    expect(accepted).toBeGreaterThan(2000);
  }, 60_000);

  it('find the same fields, each with the words of one of its decorators', () => {
    for (const contract of fc.sample(contracts, { numRuns: 40, seed: 15 })) {
      const dto = customerDto(contract);
      const pipe = new ValidationPipe(dto);
      fc.assert(
        fc.property(customerFor(contract).map(overTheWire), (body) => {
          const declared = declaredFields(contract, body);
          fc.pre(declared !== null);
          const words = new Map(
            validateSync(plainToInstance(dto, declared as object)).map(({ property, constraints = {} }) => [
              property,
              Object.values(constraints),
            ]),
          );
          const { listed } = pipe.errorsOf(body);
          const fields = listed.map(({ pointer }) => fieldOf(pointer));
          expect(fields.toSorted()).toEqual([...words.keys()].sort());
          for (const [index, { detail }] of listed.entries()) {
            expect(words.get(fields[index] ?? '')).toContainEqual(
              expect.toSatisfy((rule: string) => detail.includes(rule)),
            );
          }
        }),
        { numRuns: 30 },
      );
    }
  }, 60_000);
});

function fieldOf(pointer: string): string {
  return pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
}

const CONTRACT: Contract = {
  isExplained: false,
  features: [
    {
      name: 'tenure_months',
      type: 'integer',
      description: 'Months as a customer.',
      nullable: false,
      minimum: 0,
      maximum: 120,
      bounds: { minimum: 0, maximum: 120 },
    },
    {
      name: 'total_charges',
      type: 'number',
      description: '',
      nullable: true,
      minimum: 0,
      maximum: MAX_FLOAT32,
      bounds: { minimum: 0 },
    },
    { name: 'is_member', type: 'boolean', description: '', nullable: false },
    {
      name: 'contract',
      type: 'category',
      description: '',
      nullable: false,
      categories: ['Month-to-month', 'One year'],
      unknown: 'refuse',
    },
    {
      name: 'pay/by~any',
      type: 'category',
      description: '',
      nullable: true,
      categories: ['card'],
      unknown: 'accept',
      missingText: '<missing>',
    },
  ],
  examples: [{ customer: {} }],
};
const CUSTOMER = {
  tenure_months: 6,
  total_charges: 10,
  is_member: true,
  contract: 'One year',
  'pay/by~any': 'card',
};

describe('the refusal of a value', () => {
  const pipe = new ValidationPipe(customerDto(CONTRACT));

  it.each<[string, unknown, string, string]>([
    ['tenure_months', 999, 'too_large', 'must be an integer from 0 to 120, but is 999.'],
    ['tenure_months', null, 'not_an_integer', 'must be an integer from 0 to 120, but is null.'],
    ['total_charges', -1, 'too_small', 'must be a number of at least 0, or null, but is -1.'],
    ['total_charges', '5', 'not_a_number', 'must be a number of at least 0, or null, but is "5".'],
    [
      'total_charges',
      1e39,
      'too_large',
      'must be at most 3.4028235677973362e+38, the greatest number that the model takes, but is 1e+39.',
    ],
    ['is_member', 1, 'not_a_boolean', 'must be true or false, but is 1.'],
    [
      'contract',
      'One  year',
      'unknown_category',
      'must be one of "Month-to-month", "One year", but is "One  year".',
    ],
    ['contract', 5, 'not_a_text', 'must be one of "Month-to-month", "One year", but is 5.'],
    ['pay/by~any', {}, 'not_a_text', 'must be a text of at most 256 characters, or null, but is an object.'],
    [
      'pay/by~any',
      'x'.repeat(257),
      'too_long',
      `must be a text of at most 256 characters, or null, but is "${'x'.repeat(39)}….`,
    ],
    [
      'pay/by~any',
      'a\0b',
      'invalid',
      'must be a text without NUL characters and lone surrogates, but is "a\\u0000b".',
    ],
    ['pay/by~any', '<missing>', 'invalid', 'must be null where it is missing, but is "<missing>".'],
  ])('of %s, %j, is worded for people', (field, value, code, words) => {
    const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    expect(pipe.errorsOf({ ...CUSTOMER, [field]: value })).toEqual({
      listed: [{ pointer, code, detail: `${field} ${words}` }],
      count: 1,
    });
  });

  it('takes null, or nothing, for a value that may be missing', () => {
    const withoutCharges = Object.fromEntries(
      Object.entries(CUSTOMER).filter(([name]) => name !== 'total_charges'),
    );
    expect(pipe.errorsOf({ ...withoutCharges, 'pay/by~any': null }).count).toBe(0);
  });

  it('lists the fields in their order, those that are missing among the others', () => {
    expect(pipe.errorsOf({ is_member: 'x' }).listed.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/tenure_months', 'missing'],
      ['/is_member', 'not_a_boolean'],
      ['/contract', 'missing'],
    ]);
  });

  it('lists 20 categories at most', () => {
    const categories = Array.from({ length: 55 }, (_, index) => `c${index}`);
    const [feature] = CONTRACT.features.slice(3);
    const many = { ...CONTRACT, features: [{ ...feature, categories } as Feature] };
    const [error] = new ValidationPipe(customerDto(many)).errorsOf({ contract: 'd' }).listed;
    expect(error?.detail).toMatch(/^contract must be one of "c0", .*, "c19" and 35 others, but is "d"\.$/);
  });
});
