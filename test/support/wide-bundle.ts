import { createHash } from 'node:crypto';
import type { Customer, FeatureValue } from '../../src/bundle/feature.js';
import type { ModelManifest, StatedExplanations } from '../../src/bundle/manifest.js';
import { readFixture, writeBundle } from './bundle.js';

const FEATURES = Array.from({ length: 500 }, (_, index) => `feature_number_${index}`);
const MODEL = readFixture('wide');

/** One of many, which differ. */
function customer(index: number): Customer {
  return Object.fromEntries(FEATURES.map((name, column) => [name, ((index * column) % 17) - 8 + 1 / 3]));
}

function valuesOf(values: Customer): FeatureValue[] {
  return FEATURES.map((name) => values[name]);
}

export function probabilityOf(values: Customer): number {
  const mean = FEATURES.reduce((sum, name) => sum + Number(values[name]), 0) / FEATURES.length;
  return 1 / (1 + Math.exp(-mean));
}

export const CUSTOMERS = Array.from({ length: 100 }, (_, index) => customer(index));

const MANIFEST: ModelManifest = {
  format_version: 2,
  version: '1.0.0',
  sha256: createHash('sha256').update(MODEL).digest('hex'),
  features: FEATURES.map((name) => ({ name, type: 'number', bounds: { minimum: -10, maximum: 10 } })),
  inputs: [{ name: 'features', type: 'float32', features: FEATURES }],
  output: { name: 'probabilities' },
  examples: [{ customer: customer(1) }],
  golden_rows: {
    features: FEATURES,
    rows: CUSTOMERS.map(valuesOf),
    probabilities: CUSTOMERS.map(probabilityOf),
  },
};

const [BACKGROUND = {}] = CUSTOMERS;

/** With which the scores can be explained: against one customer, whose own contributions are therefore none. */
export const WIDE_EXPLANATIONS: StatedExplanations = {
  features: FEATURES,
  background: [valuesOf(BACKGROUND)],
  base_probability: probabilityOf(BACKGROUND),
  golden: [
    {
      row: valuesOf(BACKGROUND),
      probability: probabilityOf(BACKGROUND),
      contributions: FEATURES.map(() => 0),
    },
  ],
};

/** Writes a bundle of 500 numbers, which is removed after the test. @returns the path of its graph */
export function writeWideBundle(changes: Partial<ModelManifest> = {}): string {
  return writeBundle({ model: MODEL, manifest: { ...MANIFEST, ...changes } });
}
