import { describe, expect, it } from 'vitest';
import type { Feature } from './feature.js';
import { valueOfText } from './text-value.js';

const NUMBER: Feature = {
  name: 'charge',
  type: 'number',
  description: '',
  nullable: false,
  bounds: {},
  minimum: 0,
  maximum: 100,
};
const BOOLEAN: Feature = { name: 'senior', type: 'boolean', description: '', nullable: false };
const CATEGORY: Feature = {
  name: 'contract',
  type: 'category',
  description: '',
  nullable: false,
  categories: ['1', 'true'],
  unknown: 'refuse',
};

describe('valueOfText', () => {
  it.each([
    ['12', 12],
    ['12.0', 12],
    [' -1.5e3 ', -1500],
    ['.5', 0.5],
    ['+7', 7],
  ])('reads the number %j', (text, value) => {
    expect(valueOfText(NUMBER, text)).toBe(value);
  });

  it.each(['0x10', 'Infinity', 'NaN', '1_000', '1,5', '1e', ' ', '12 months'])(
    'takes %j for no number',
    (text) => {
      expect(valueOfText(NUMBER, text)).toBe(text);
    },
  );

  it.each([
    ['true', true],
    ['True', true],
    ['1', true],
    ['FALSE', false],
    ['0', false],
    ['yes', 'yes'],
  ])('reads the boolean %j as %j', (text, value) => {
    expect(valueOfText(BOOLEAN, text)).toBe(value);
  });

  it('leaves the text of a category as it is', () => {
    expect(['1', 'true', ' a '].map((text) => valueOfText(CATEGORY, text))).toEqual(['1', 'true', ' a ']);
  });

  it.each([NUMBER, BOOLEAN, CATEGORY])('takes an empty text for a missing value ($type)', (feature) => {
    expect(valueOfText(feature, '')).toBeNull();
  });
});
