import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractOf } from '../bundle/contract.js';
import type { Customer, FeatureValue } from '../bundle/feature.js';
import type { ModelManifest, StatedFeature, StatedInput } from '../bundle/manifest.js';
import { layoutOf, tableOf } from '../model/feature-table.js';
import { BinCounter } from './bin-counter.js';
import { driftBinsOf, type WatchedFeature } from './bins/drift-bins.js';

/** Values of a feature, many of them at the edges of the training's bins and beyond. */
function valuesOf(feature: StatedFeature): fc.Arbitrary<FeatureValue> {
  const missing = feature.nullable === true ? [fc.constantFrom(null, undefined)] : [];
  switch (feature.type) {
    case 'boolean':
      return fc.oneof(fc.boolean(), ...missing);
    case 'category':
      return fc.oneof(
        fc.constantFrom(...feature.categories, ...(feature.unknown === 'accept' ? ['Cash', 'toString'] : [])),
        ...missing,
      );
    default: {
      const { minimum = 0, maximum = 1e5 } = feature.bounds ?? {};
      const edges = feature.statistics?.histogram.edges ?? [];
      return fc.oneof(
        fc.constantFrom(...edges.filter((edge) => edge <= maximum), minimum, maximum),
        feature.type === 'integer'
          ? fc.integer({ min: minimum, max: maximum })
          : fc.double({ min: minimum, max: maximum, noNaN: true }),
        ...missing,
      );
    }
  }
}

/** By the words of the manifest alone: which bins of the feature hold the value. */
function binsWith(
  value: FeatureValue,
  { statistics, type }: StatedFeature,
  { bins }: WatchedFeature,
): number[] {
  const { counts, histogram, minimum, maximum } = {
    counts: {},
    histogram: { edges: [], counts: [] },
    minimum: NaN,
    maximum: NaN,
    ...statistics,
  };
  return bins.bins.flatMap(({ kind, label }, bin) => {
    const isMissing = value === null || value === undefined;
    if (isMissing || kind === 'missing') {
      return isMissing && kind === 'missing' ? [bin] : [];
    }
    if (type === 'category' || type === 'boolean') {
      const isKnown = Object.keys(counts).includes(String(value));
      return (kind === 'known' ? label === String(value) : !isKnown) ? [bin] : [];
    }
    const number = Number(value);
    if (kind === 'below' || kind === 'above') {
      return (kind === 'below' ? number < minimum : number > maximum) ? [bin] : [];
    }
    if (number < minimum || number > maximum) {
      return [];
    }
    const [low = NaN, high = NaN] = label.slice(1, -1).split(', ').map(Number);
    const isLast = label.endsWith(']');
    // Labels are shortened, edges are not.
    const exact = (edge: number): number =>
      [...histogram.edges, minimum, maximum].find(
        (other) => Math.abs(other - edge) <= 1e-5 * Math.abs(edge),
      ) ?? NaN;
    return number >= exact(low) && (isLast ? number <= exact(high) : number < exact(high)) ? [bin] : [];
  });
}

/** Inputs that take the categories as texts. */
function textsApart({ features }: ModelManifest): StatedInput[] {
  const namesOf = (isText: boolean): string[] =>
    features.filter(({ type }) => (type === 'category') === isText).map(({ name }) => name);
  return [
    { name: 'numbers', type: 'float32', features: namesOf(false) },
    { name: 'texts', type: 'string', features: namesOf(true), missing_text: '<missing>' },
  ];
}

describe('BinCounter', () => {
  it.each(['five numbers', 'texts', 'codes'])('counts the rows of %s as brute force does', (kind) => {
    const name = kind === 'five numbers' ? 'churn_model' : 'telco/telco_model';
    const read = JSON.parse(readFileSync(`models/${name}.manifest.json`, 'utf8')) as ModelManifest;
    const manifest = { ...read, inputs: kind === 'texts' ? textsApart(read) : read.inputs };
    const bins = driftBinsOf(manifest, contractOf(manifest));
    const layout = layoutOf(manifest);
    const customer = fc.record(
      Object.fromEntries(manifest.features.map((feature) => [feature.name, valuesOf(feature)])),
    ) as fc.Arbitrary<Customer>;
    const requests = fc.array(fc.array(customer, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
    fc.assert(
      fc.property(requests, (batches) => {
        const counter = new BinCounter(bins, layout);
        for (const batch of batches) {
          counter.count(tableOf(batch, layout), new Float64Array(batch.length));
        }
        const customers = batches.flat();
        const expected = bins.features.flatMap((watched, index) => {
          const feature = manifest.features[index];
          if (feature === undefined) {
            return [];
          }
          const found = customers.map((values) => binsWith(values[watched.name], feature, watched));
          expect(found.every((holding) => holding.length === 1)).toBe(true);
          return watched.bins.bins.map((_, bin) => found.filter(([holding]) => holding === bin).length);
        });
        expect([...counter.features]).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('counts the scores, the outer edges included', () => {
    const manifest = JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as ModelManifest;
    const bins = driftBinsOf(manifest, contractOf(manifest));
    const counter = new BinCounter(bins, layoutOf(manifest));
    const [customer = {}] = manifest.examples.map((example) => example.customer);
    const scores = [0, 0.05, 0.0999, 1, 0.7];
    counter.count(
      tableOf(
        scores.map(() => customer),
        layoutOf(manifest),
      ),
      Float64Array.from(scores),
    );
    expect([...counter.scores]).toEqual([1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  });
});
