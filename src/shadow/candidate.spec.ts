import { describe, expect, it } from 'vitest';
import type { Contract } from '../bundle/contract.js';
import type { Feature } from '../bundle/feature.js';
import { obstaclesTo } from './candidate.js';

const AGE: Feature = {
  type: 'number',
  name: 'age',
  description: '',
  nullable: false,
  bounds: { minimum: 0, maximum: 120 },
  minimum: 0,
  maximum: 120,
};
const PLAN: Feature = {
  type: 'category',
  name: 'plan',
  description: '',
  nullable: true,
  categories: ['a', 'b'],
  unknown: 'refuse',
};

function contract(...features: Feature[]): Contract {
  return { features, examples: [], isExplained: features.length > 1 };
}

describe('obstaclesTo', () => {
  it('finds none if the candidate takes the same features, fewer of them, or more values', () => {
    expect(obstaclesTo(contract(AGE, PLAN), contract(AGE, PLAN))).toEqual([]);
    expect(obstaclesTo(contract(AGE, PLAN), contract(AGE))).toEqual([]);
    expect(obstaclesTo(contract(AGE, PLAN), contract({ ...AGE, maximum: 150, nullable: true }))).toEqual([]);
    expect(obstaclesTo(contract(PLAN), contract({ ...PLAN, categories: ['a', 'b', 'c'] }))).toEqual([]);
  });

  it.each<[string, Feature[]]>([
    ['income is added', [AGE, { ...AGE, name: 'income' }]],
    ['age is tightened: its maximum is 100 instead of 120', [{ ...AGE, maximum: 100 }]],
    ['plan is tightened: it may not be missing any more', [{ ...PLAN, nullable: false }]],
    ['plan is tightened: without the categories "b"', [{ ...PLAN, categories: ['a'] }]],
    [
      'age has the type boolean instead of number',
      [{ type: 'boolean', name: 'age', description: '', nullable: false }],
    ],
  ])('says that %s', (obstacle, features) => {
    expect(obstaclesTo(contract(AGE, PLAN), contract(...features))).toEqual([obstacle]);
  });
});
