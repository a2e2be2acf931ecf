import { createHash } from 'node:crypto';
import type { Customer } from '../../src/bundle/feature.js';
import type { ModelManifest, StatedFeature } from '../../src/bundle/manifest.js';
import { readFixture } from './bundle.js';

/** The features of the graph every_type, which have unusual names. */
const FEATURES: readonly StatedFeature[] = [
  { name: 'tenure', type: 'integer', bounds: { minimum: 0, maximum: 120 } },
  { name: 'Monthly Charges', type: 'number', unit: 'USD', bounds: { minimum: 0 }, nullable: true },
  { name: 'plan', type: 'category', categories: ['basic', 'plus'], nullable: true },
  { name: 'größe', type: 'category', categories: ['S', 'M'], unknown: 'accept' },
  { name: 'a.b/c~d', type: 'category', categories: ['yes', 'no'] },
  { name: 'ratio', type: 'number', bounds: { minimum: -1, maximum: 1 } },
  { name: 'visits', type: 'integer' },
  { name: 'points', type: 'integer' },
  { name: 'is member', type: 'boolean' },
];

const PLANS: Readonly<Record<string, number>> = { basic: 0.5, plus: -0.5 };
const SIZES: Readonly<Record<string, number>> = { S: 0.1, M: 0.2 };

export const CUSTOMER: Customer = {
  tenure: 6,
  'Monthly Charges': 79.99,
  plan: 'basic',
  größe: 'M',
  'a.b/c~d': 'yes',
  ratio: 0.125,
  visits: -3,
  points: Number.MAX_SAFE_INTEGER,
  'is member': true,
};

/** What the graph computes. */
export function probabilityOf(customer: Customer): number {
  const number = (name: string): number => Number(customer[name]);
  const text = (name: string): string => String(customer[name]);
  const logit =
    -0.02 * number('tenure') +
    0.01 * Number(customer['Monthly Charges'] ?? 25) +
    (PLANS[text('plan')] ?? 1) +
    (SIZES[text('größe')] ?? -0.3) +
    (customer['a.b/c~d'] === 'yes' ? 0.4 : -0.4) +
    2 * number('ratio') +
    0.1 * number('visits') +
    0.05 * (number('points') % 10) +
    0.7 * number('is member');
  return 1 / (1 + Math.exp(-logit));
}

/** Customers of whom each differs from the next in every feature. */
export const CUSTOMERS: readonly Customer[] = Array.from({ length: 100 }, (_, index) => ({
  tenure: index,
  'Monthly Charges': index % 3 === 0 ? null : index,
  plan: ['basic', 'plus', null][index % 3],
  größe: ['S', 'M', 'XXL', 'größer'][index % 4],
  'a.b/c~d': index % 2 === 0 ? 'yes' : 'no',
  ratio: index / 100,
  visits: 50 - index,
  points: 1_000_000_007 * index,
  'is member': index % 2 === 1,
}));

export const EVERY_TYPE_MODEL = readFixture('every_type');

/** A manifest that is true of the graph, unless changed. */
export function everyTypeManifest(changes: Partial<ModelManifest> = {}): ModelManifest {
  const features = FEATURES.map(({ name }) => name);
  return {
    format_version: 2,
    name: 'every_type',
    version: '1.0.0',
    sha256: createHash('sha256').update(EVERY_TYPE_MODEL).digest('hex'),
    features: FEATURES,
    inputs: [
      { name: 'texts', type: 'string', features: ['plan', 'größe', 'a.b/c~d'], missing_text: 'nan' },
      { name: 'ratio', type: 'float64', features: ['ratio'] },
      { name: 'numbers', type: 'float32', features: ['Monthly Charges', 'tenure'] },
      { name: 'visits', type: 'int32', features: ['visits'] },
      { name: 'points', type: 'int64', features: ['points'] },
      { name: 'is member', type: 'bool', features: ['is member'] },
    ],
    output: { name: 'probabilities', column: 0 },
    examples: [{ customer: CUSTOMER, probability: probabilityOf(CUSTOMER) }],
    golden_rows: {
      features,
      rows: CUSTOMERS.map((customer) => features.map((name) => customer[name])),
      probabilities: CUSTOMERS.map(probabilityOf),
    },
    ...changes,
  };
}
