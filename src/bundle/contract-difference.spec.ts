import { describe, expect, it } from 'vitest';
import type { Contract } from './contract.js';
import { contractDifferences } from './contract-difference.js';
import type { CategoryFeature, Feature, NumberFeature } from './feature.js';

const AGE: NumberFeature = {
  name: 'age',
  type: 'integer',
  description: '',
  nullable: false,
  minimum: 18,
  maximum: 120,
  bounds: { minimum: 18, maximum: 120 },
};
const PLAN: CategoryFeature = {
  name: 'plan',
  type: 'category',
  description: '',
  nullable: true,
  categories: ['basic', 'plus'],
  unknown: 'refuse',
};

function contract(...features: Feature[]): Contract {
  return { features, examples: [{ customer: {} }], isExplained: true };
}

describe('contractDifferences', () => {
  it('finds none in what is for people only', () => {
    const described = { ...AGE, description: 'Age of the customer', unit: 'years' };
    expect(contractDifferences(contract(AGE, PLAN), contract(PLAN, described))).toEqual([]);
  });

  it('finds that scores are not explained any more', () => {
    const unexplained = { ...contract(AGE), isExplained: false };
    expect(contractDifferences(contract(AGE), unexplained)).toEqual(['explanations are removed']);
    expect(contractDifferences(unexplained, contract(AGE))).toEqual([]);
  });

  it.each<[Feature[], Feature[], string[]]>([
    [[AGE, PLAN], [AGE], ['plan is removed']],
    [[AGE], [AGE, PLAN], ['plan is added']],
    [[PLAN], [{ ...PLAN, nullable: false }], ['plan is tightened: it may not be missing any more']],
    [[AGE], [{ ...AGE, nullable: true }], ['age is loosened: it may be missing']],
    [
      [AGE],
      [{ ...AGE, minimum: 21, maximum: 130 }],
      [
        'age is tightened: its minimum is 21 instead of 18',
        'age is loosened: its maximum is 130 instead of 120',
      ],
    ],
    [
      [AGE],
      [{ ...AGE, maximum: 2 ** 53 - 1, bounds: { minimum: 18 } }],
      ['age is loosened: its maximum is the greatest number that the model takes instead of 120'],
    ],
    [[AGE], [{ ...AGE, type: 'number' }], ['age is loosened: any number']],
    [[{ ...AGE, type: 'number' }], [AGE], ['age is tightened: integers only']],
    [[PLAN], [{ ...PLAN, categories: ['basic'] }], ['plan is tightened: without the categories "plus"']],
    [
      [PLAN],
      [{ ...PLAN, categories: ['basic', 'plus', 'max'] }],
      ['plan is loosened: with the categories "max"'],
    ],
    [[PLAN], [{ ...PLAN, unknown: 'accept' }], ['plan is loosened: unknown categories are accepted']],
    [[{ ...PLAN, unknown: 'accept' }], [PLAN], ['plan is tightened: unknown categories are refused']],
    [[{ ...PLAN, unknown: 'accept' }], [{ ...PLAN, unknown: 'accept', categories: ['other'] }], []],
    [
      [{ ...PLAN, unknown: 'accept', missingText: 'nan' }],
      [{ ...PLAN, unknown: 'accept', missingText: 'other' }],
      ['plan is tightened: "other" must be sent as null'],
    ],
    [
      [AGE],
      [{ name: 'age', type: 'boolean', description: '', nullable: false }],
      ['age has the type boolean instead of integer'],
    ],
  ])('case %#', (served, next, expected) => {
    expect(contractDifferences(contract(...served), contract(...next))).toEqual(expected);
  });

  it('lists twenty categories at most', () => {
    const many = Array.from({ length: 22 }, (_, index) => `c${index}`);
    const [difference] = contractDifferences(
      contract({ ...PLAN, categories: ['basic', ...many] }),
      contract({ ...PLAN, categories: ['basic'] }),
    );
    expect(difference).toMatch(/"c19" and 2 others$/);
  });
});
