import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelManifest, StatedFeature, StatedInput } from './manifest.js';
import { parseManifest } from './parse-manifest.js';

const FEATURES: readonly StatedFeature[] = [
  { name: 'age', type: 'integer', bounds: { minimum: 18, maximum: 120 } },
  { name: 'income', type: 'number', nullable: true },
  { name: 'is_member', type: 'boolean' },
  { name: 'plan', type: 'category', categories: ['basic', 'plus'], nullable: true },
];
const INPUTS: readonly StatedInput[] = [
  { name: 'numbers', type: 'float32', features: ['age', 'income', 'is_member'] },
  { name: 'texts', type: 'string', features: ['plan'], missing_text: 'nan' },
];
const CUSTOMER = { age: 40, income: null, is_member: true, plan: 'basic' };
const GOLDEN = {
  features: ['plan', 'age', 'income', 'is_member'],
  rows: Array.from({ length: 64 }, () => [null, 40, null, true]),
  probabilities: Array<number>(64).fill(0.5),
};
const MANIFEST: ModelManifest = {
  format_version: 2,
  sha256: 'a'.repeat(64),
  features: FEATURES,
  inputs: INPUTS,
  output: { name: 'probabilities' },
  examples: [{ customer: CUSTOMER }],
  golden_rows: GOLDEN,
};

function parse(changes: Record<string, unknown>): ModelManifest {
  return parseManifest(JSON.stringify({ ...MANIFEST, ...changes }), 'm.json').manifest;
}

/** The manifest's features with other properties for some of them. */
const STATISTICS = { missing_ratio: 0, minimum: 0, maximum: 2, mean: 1, quantiles: {} };

function features(changes: Record<string, object>): Record<string, unknown> {
  return { features: FEATURES.map((feature) => ({ ...feature, ...changes[feature.name] })) };
}

function renamed(name: string): Record<string, unknown> {
  const text = JSON.stringify(MANIFEST).replaceAll('"age"', JSON.stringify(name));
  return JSON.parse(text) as Record<string, unknown>;
}

describe('parseManifest', () => {
  it.each(['float32', 'int64'])('takes the codes of categories in a tensor of %s', (type) => {
    const { inputs } = parse({
      inputs: [
        { name: 'codes', type, features: ['plan'], missing_text: 'none', category_codes: true },
        INPUTS[0],
      ],
    });
    expect(inputs[0]).toMatchObject({ category_codes: true });
  });

  it('reads the bundled manifest', () => {
    const text = readFileSync('models/churn_model.manifest.json', 'utf8');
    expect(parseManifest(text, 'm.json').manifest.features).toHaveLength(5);
  });

  it('reads features of all types', () => {
    expect(parse({})).toEqual(MANIFEST);
  });

  it.each(['format_version', 'sha256', 'features', 'inputs', 'output', 'examples'])(
    'names the key %s if it is missing',
    (key) => {
      expect(() => parse({ [key]: undefined })).toThrow(
        new RegExp(`Where: m\\.json\\. .*required property '${key}'`),
      );
    },
  );

  it.each([
    ['age of a café customer', 'Âge (années)'],
    ['a space', 'Monthly Charges'],
    ['a slash, a dot and a tilde', 'a.b/c~d'],
    ['a quote', 'a"b'],
    ['an emoji', '😀'],
    ['an index', '0'],
    ['a name that only classes have', 'prototype'],
  ])('takes the name of a feature with %s', (_case, name) => {
    expect(parse(renamed(name)).features[0]?.name).toBe(name);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a\nb', 'a\0b', '\ud800'])(
    'refuses the name %j of a feature',
    (name) => {
      expect(() => parse(renamed(name))).toThrow(/names of features without control characters, and none of/);
    },
  );

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a value of the wrong type', { tolerance: '0.1' }, /\/tolerance must be number/],
    ['another format', { format_version: 3 }, /\/format_version must be equal to constant/],
    ['format 1', { format_version: 1 }, /Found: format 1/],
    [
      'an unknown key of a feature',
      features({ plan: { nulable: true } }),
      /\/features\/3 must NOT have additional properties "nulable"/,
    ],
    ['an unknown key', { tresholds: {} }, /the manifest must NOT have additional properties "tresholds"/],
    [
      'a missing_text that would be cut off',
      { inputs: [INPUTS[0], { ...INPUTS[1], missing_text: 'a\0b' }] },
      /a missing_text without NUL and lone surrogates\. Found: "a\\u0000b"/,
    ],
    [
      'a missing_text for numbers',
      { inputs: [{ ...INPUTS[0], missing_text: 'nan' }, INPUTS[1]] },
      /in string tensors, and those with category_codes, only\. Found: one in the input numbers \(float32\)/,
    ],
    ['a version with a line break', { version: '1\n2' }, /\/version must match pattern/],
    [
      'a histogram whose edges do not ascend',
      { reference: { rows: 2, probability_histogram: { edges: [0, 0.5, 0.5, 1], counts: [1, 1, 0] } } },
      /ascending edges .* Found: 0, 0\.5, 0\.5, 1/,
    ],
    [
      'a histogram with a count too many',
      { reference: { rows: 2, probability_histogram: { edges: [0, 1], counts: [1, 1] } } },
      /Expected: 1 counts .* Found: 2/,
    ],
    [
      'a histogram without rows',
      { reference: { rows: 2, probability_histogram: { edges: [0, 1], counts: [0] } } },
      /rows in the probability histogram\. Found: none/,
    ],
    [
      'a histogram of a feature with a count too few',
      features({ age: { statistics: { ...STATISTICS, histogram: { edges: [0, 1, 2], counts: [1] } } } }),
      /Expected: 2 counts in the histogram of age\. Found: 1/,
    ],
    [
      'a histogram of a feature whose edges do not ascend',
      features({ age: { statistics: { ...STATISTICS, histogram: { edges: [0, 2, 1], counts: [1, 1] } } } }),
      /ascending edges of the histogram of age\. Found: 0, 2, 1/,
    ],
    [
      'counts of a boolean by other words',
      features({ is_member: { statistics: { missing_ratio: 0, counts: { '0': 5, '1': 5 } } } }),
      /counts of true and false in the statistics of is_member\. Found: "0"/,
    ],
    [
      'counts of texts that are no categories',
      features({ plan: { statistics: { missing_ratio: 0, counts: { basic: 5, Basic: 5 } } } }),
      /counts of its categories in the statistics of plan\. Found: "Basic"/,
    ],
    [
      'counts of values that are all missing',
      features({ plan: { statistics: { missing_ratio: 1, counts: { basic: 5 } } } }),
      /a missing_ratio of plan below 1, since values are counted\. Found: 1/,
    ],
    [
      'a histogram of values that are all missing',
      features({
        income: {
          statistics: { ...STATISTICS, missing_ratio: 1, histogram: { edges: [0, 2], counts: [3] } },
        },
      }),
      /a missing_ratio of income below 1, since values are counted\. Found: 1/,
    ],
    ['an unknown type', features({ plan: { type: 'text' } }), /\/features\/3 /],
    [
      'fewer than 64 golden rows',
      { golden_rows: { ...GOLDEN, rows: [] } },
      /must NOT have fewer than 64 items/,
    ],
    ['a feature that is stated twice', { features: [...FEATURES, FEATURES[0]] }, /Found: age twice/],
    [
      'a feature in no input',
      { inputs: [{ ...INPUTS[0], features: ['age', 'income'] }, INPUTS[1]] },
      /Found: is_member in 0/,
    ],
    [
      'a feature in two inputs',
      { inputs: [...INPUTS, { name: 'more', type: 'float32', features: ['age'] }] },
      /Found: age in 2/,
    ],
    [
      'an input of an unknown feature',
      { inputs: [...INPUTS, { name: 'more', type: 'float32', features: ['size'] }] },
      /Found: size in the input more/,
    ],
    [
      'a category in a tensor of numbers',
      { inputs: [{ ...INPUTS[0], features: ['age', 'income', 'is_member', 'plan'] }] },
      /Found: plan \(category\) in the input numbers \(float32\)/,
    ],
    [
      'the code of a category in a tensor of booleans',
      { inputs: [INPUTS[0], { ...INPUTS[1], type: 'bool', category_codes: true }] },
      /one in the input texts \(bool\)/,
    ],
    [
      'the code of a category that may be missing without a text that stands for it',
      { inputs: [{ ...INPUTS[0], category_codes: true, features: ['age', 'income', 'is_member', 'plan'] }] },
      /a missing_text in the input numbers/,
    ],
    [
      'a number in a tensor of texts',
      { inputs: [{ ...INPUTS[1], features: ['age', 'income', 'is_member', 'plan'] }] },
      /Found: age \(integer\) in the input texts \(string\)/,
    ],
    [
      'a number that may be missing in a tensor of integers',
      { inputs: [{ ...INPUTS[0], type: 'int64' }, INPUTS[1]] },
      /a number or a boolean that may be missing\. Found: income/,
    ],
    [
      'a text that may be missing without a text that stands for it',
      { inputs: [INPUTS[0], { ...INPUTS[1], missing_text: undefined }] },
      /a missing_text in the input texts/,
    ],
    [
      'a category that means a missing value',
      { inputs: [INPUTS[0], { ...INPUTS[1], missing_text: 'basic' }] },
      /not a category of plan\. Found: "basic"/,
    ],
    [
      'bounds beyond the tensor',
      features({ age: { bounds: { minimum: 0, maximum: 1e39 } } }),
      /bounds of age from .* since its tensor has the type float32\. Found: 1e\+39/,
    ],
    [
      'bounds in the wrong order',
      features({ age: { bounds: { minimum: 5, maximum: 4 } } }),
      /bounds of age in order\. Found: from 5 to 4/,
    ],
    [
      'a bound of an integer that is not one',
      features({ age: { bounds: { minimum: 0.5 } } }),
      /integers as bounds of age\. Found: 0\.5/,
    ],
    [
      'a category that would be cut off',
      features({ plan: { categories: ['basic', 'a\0b'] } }),
      /without NUL and lone surrogates\. Found: "a\\u0000b"/,
    ],
    [
      'an example that the API refuses',
      { examples: [{ customer: { ...CUSTOMER, age: 7 } }] },
      /age in example 0 that the API accepts\. Found: 7/,
    ],
    [
      'an example without a feature',
      { examples: [{ customer: { ...CUSTOMER, age: undefined } }] },
      /age in example 0 .*Found: nothing/,
    ],
    [
      'an example of an unknown feature',
      { examples: [{ customer: { ...CUSTOMER, size: 7 } }] },
      /stated features in example 0\. Found: size/,
    ],
    [
      'golden rows of other features',
      { golden_rows: { ...GOLDEN, features: ['plan', 'age', 'income', 'size'] } },
      /in the golden rows\. Found: plan, age, income, size/,
    ],
    [
      'golden rows without their probabilities',
      { golden_rows: { ...GOLDEN, probabilities: [0.5] } },
      /Found: 1 for 64 rows/,
    ],
    [
      'a golden row that is too short',
      { golden_rows: { ...GOLDEN, rows: [...GOLDEN.rows.slice(1), [null, 40]] } },
      /4 values in each golden row\. Found: 2 in row 63/,
    ],
    [
      'a golden row of another type',
      { golden_rows: { ...GOLDEN, rows: [...GOLDEN.rows.slice(1), [null, '40', null, true]] } },
      /a value of type integer for age in the golden row 63\. Found: "40"/,
    ],
    [
      'a golden row without a value that is needed',
      { golden_rows: { ...GOLDEN, rows: [...GOLDEN.rows.slice(1), [null, null, null, true]] } },
      /for age in the golden row 63\. Found: null/,
    ],
    [
      'a medium threshold above the high one',
      { thresholds: { decision: 0.5, medium: 0.8, high: 0.7 } },
      /Found: 0\.8 > 0\.7/,
    ],
  ])('refuses %s', (_case, changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  it('reads a file that begins with a byte order mark', () => {
    expect(parseManifest(`\ufeff${JSON.stringify(MANIFEST)}`, 'm.json').manifest).toEqual(MANIFEST);
  });

  it('refuses text that is not JSON', () => {
    expect(() => parseManifest('{"format_version": 2', 'm.json')).toThrow(/Expected: JSON\. Found: /);
  });
});
