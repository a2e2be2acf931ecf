import { describe, expect, it } from 'vitest';
import type { ModelManifest, StatedExplanations } from './manifest.js';
import { parseManifest } from './parse-manifest.js';

const EXPLANATIONS: StatedExplanations = {
  features: ['plan', 'age', 'income'],
  background: [
    ['basic', 40, null],
    [null, 30, 1000.5],
  ],
  base_probability: 0.25,
  golden: [
    { row: ['plus', 50, 10], probability: 0.75, contributions: [0.25, 0.5, -0.25] },
    {
      row: ['other', 20, null],
      probability: 0.1,
      contributions: [-0.2, 0.1, -0.05],
      standard_errors: [0.01, 0, 0.02],
    },
  ],
};
const [FIRST, SECOND] = EXPLANATIONS.golden;
const MANIFEST: ModelManifest = {
  format_version: 2,
  sha256: 'a'.repeat(64),
  features: [
    { name: 'age', type: 'integer', bounds: { minimum: 18, maximum: 120 } },
    { name: 'income', type: 'number', nullable: true },
    { name: 'plan', type: 'category', categories: ['basic', 'plus'], nullable: true, unknown: 'accept' },
  ],
  inputs: [
    { name: 'numbers', type: 'float32', features: ['age', 'income'] },
    { name: 'texts', type: 'string', features: ['plan'], missing_text: 'nan' },
  ],
  output: { name: 'probabilities' },
  examples: [{ customer: { age: 40, income: null, plan: 'basic' } }],
};

function parse(changes: Record<string, unknown>): StatedExplanations | undefined {
  const explanations = { ...EXPLANATIONS, ...changes };
  return parseManifest(JSON.stringify({ ...MANIFEST, explanations }), 'm.json').manifest.explanations;
}

describe("a manifest's explanations", () => {
  it('are read', () => {
    expect(parse({})).toEqual(EXPLANATIONS);
  });

  it('may be absent', () => {
    expect(parseManifest(JSON.stringify(MANIFEST), 'm.json').manifest.explanations).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no background', { background: [] }, /\/explanations\/background must NOT have fewer than 1 items/],
    [
      'a background of 129 rows',
      { background: Array.from({ length: 129 }, () => ['basic', 40, null]) },
      /\/explanations\/background must NOT have more than 128 items/,
    ],
    ['a base probability above 1', { base_probability: 1.5 }, /base_probability must be <= 1/],
    ['nothing to prove them by', { golden: [] }, /\/explanations\/golden must NOT have fewer than 1 items/],
    ['an unknown key', { rows: [] }, /\/explanations must NOT have additional properties "rows"/],
    [
      'a standard error below 0',
      { golden: [{ ...FIRST, standard_errors: [0, -1, 0] }] },
      /\/explanations\/golden\/0\/standard_errors\/1 must be >= 0/,
    ],
    [
      'a feature twice',
      { features: ['plan', 'age', 'age'] },
      /the features age, income, plan in the explanations\. Found: plan, age, age/,
    ],
    [
      'a feature too few',
      { features: ['plan', 'age'] },
      /the features age, income, plan in the explanations\. Found: plan, age/,
    ],
    [
      'a background row that is too short',
      { background: [['basic', 40, null], ['basic']] },
      /3 values in the background row 1\. Found: 1/,
    ],
    [
      'a background row that the API refuses',
      { background: [['basic', 7, null]] },
      /a value of age in the background row 0 that the API accepts\. Found: 7/,
    ],
    [
      'a background row without a value that is needed',
      { background: [['basic', null, 1]] },
      /a value of age in the background row 0 that the API accepts\. Found: null/,
    ],
    [
      'a customer that the API refuses',
      { golden: [FIRST, { ...SECOND, row: ['a\0b', 20, null] }] },
      /a value of plan in the golden explanation 1 that the API accepts\. Found: "a\\u0000b"/,
    ],
    [
      'a contribution too many',
      { golden: [{ ...FIRST, contributions: [0.25, 0.5, -0.25, 0] }] },
      /3 contributions in the golden explanation 0\. Found: 4/,
    ],
    [
      'a standard error too few',
      { golden: [FIRST, { ...SECOND, standard_errors: [0.01, 0] }] },
      /3 standard errors in the golden explanation 1\. Found: 2/,
    ],
    [
      'contributions that do not add up',
      { golden: [{ ...FIRST, contributions: [0.25, 0.5, -0.24] }] },
      /contributions that add up to 0\.75 in the golden explanation 0\. Found: 0\.76/,
    ],
  ])('are refused with %s', (_case, changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });
});
