import { describe, expect, it } from 'vitest';
import type { CategoryFeature, Feature, NumberFeature } from '../bundle/feature.js';
import { bodyLimitBytes } from './body-limit.js';

const AUTO = { bodyLimitBytes: 'auto' } as const;
const NUMBER: NumberFeature = {
  name: '',
  type: 'number',
  description: '',
  nullable: true,
  minimum: -1e38,
  maximum: 1e38,
  bounds: {},
};
const OPEN: CategoryFeature = {
  name: '',
  type: 'category',
  description: '',
  nullable: true,
  categories: ['a'],
  unknown: 'accept',
};

function many(feature: Feature, count: number): { features: Feature[] } {
  return { features: Array.from({ length: count }, (_, index) => ({ ...feature, name: `größe_${index}` })) };
}

/** The size of a full batch, in ASCII as some clients write it. */
function batchBytes({ features }: { features: Feature[] }, value: unknown): number {
  const customer = Object.fromEntries(features.map(({ name }) => [name, value]));
  const text = JSON.stringify({ customers: Array<object>(100).fill(customer) });
  return text.replace(/[\x80-\uffff]/g, '\\uXXXX').length;
}

describe('bodyLimitBytes', () => {
  it('is as the operator sets it', () => {
    expect(bodyLimitBytes({ bodyLimitBytes: 5000 }, many(NUMBER, 5))).toBe(5000);
  });

  it('is 128 KiB for a few features', () => {
    expect(bodyLimitBytes(AUTO, many(NUMBER, 5))).toBe(131_072);
  });

  it.each([5, 50, 500])('holds a full batch of %d numbers', (count) => {
    const contract = many(NUMBER, count);
    expect(bodyLimitBytes(AUTO, contract)).toBeGreaterThan(batchBytes(contract, -1.2345678901234567e-38));
  });

  it('holds a full batch of the longest texts', () => {
    const contract = many(OPEN, 20);
    expect(bodyLimitBytes(AUTO, contract)).toBeGreaterThan(batchBytes(contract, 'x'.repeat(256)));
  });

  it('is 4 MiB at most', () => {
    expect(bodyLimitBytes(AUTO, many(NUMBER, 5000))).toBe(4_194_304);
  });

  it('holds a full batch of the longest category', () => {
    const contract = many({ ...OPEN, unknown: 'refuse', categories: ['no', 'ä'.repeat(200)] }, 20);
    expect(bodyLimitBytes(AUTO, contract)).toBeGreaterThan(batchBytes(contract, 'ä'.repeat(200)));
  });
});
