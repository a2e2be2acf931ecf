import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contractOf } from '../../bundle/contract.js';
import type { ModelManifest, StatedFeature, StatedNumberFeature } from '../../bundle/manifest.js';
import type { Bin } from './bin.js';
import { type DriftBins, driftBinsOf, MAX_FEATURE_BINS } from './drift-bins.js';

const BUNDLED = readManifest('models/churn_model.manifest.json');
const TELCO = readManifest('models/telco/telco_model.manifest.json');

function readManifest(path: string): ModelManifest {
  return JSON.parse(readFileSync(path, 'utf8')) as ModelManifest;
}

function binsOf(manifest: ModelManifest, maxBins?: number): DriftBins {
  return driftBinsOf(manifest, contractOf(manifest), maxBins);
}

/** The bins of one feature, as `kind label: rows`. */
function shown({ features }: DriftBins, name: string): string[] {
  const { bins } = features.find((feature) => feature.name === name)?.bins ?? {};
  return (bins ?? []).map(show);
}

function show({ kind, label, referenceRows }: Bin): string {
  return `${kind} ${label}: ${referenceRows}`;
}

/** A manifest of these features, as numbers or texts in one input each. */
function manifestOf(...features: StatedFeature[]): ModelManifest {
  return {
    ...BUNDLED,
    features,
    inputs: features.map(({ name, type }) => ({
      name,
      type: type === 'category' ? 'string' : 'float32',
      features: [name],
    })),
  };
}

function number(name: string, binCount: number): StatedFeature {
  const edges = Array.from({ length: binCount + 1 }, (_, edge) => edge);
  return {
    name,
    type: 'number',
    nullable: true,
    statistics: {
      missing_ratio: 0.5,
      minimum: 0,
      maximum: binCount,
      mean: 1,
      quantiles: {},
      histogram: { edges, counts: Array<number>(binCount).fill(10) },
    },
  };
}

function category(name: string, counts: Readonly<Record<string, number>>): StatedFeature {
  return {
    name,
    type: 'category',
    categories: Object.keys(counts),
    unknown: 'accept',
    statistics: { missing_ratio: 0, counts },
  };
}

function withOneRowLess(feature: StatedNumberFeature): StatedNumberFeature {
  const { statistics } = feature;
  if (statistics === undefined) {
    return feature;
  }
  const { edges, counts } = statistics.histogram;
  const histogram = { edges, counts: counts.with(0, (counts[0] ?? 0) - 1) };
  return { ...feature, statistics: { ...statistics, histogram } };
}

describe('driftBinsOf', () => {
  it('takes the bins of the training, and joins those with less than a twentieth of the rows', () => {
    const bins = binsOf(BUNDLED);
    expect(shown(bins, 'num_products')).toEqual([
      'known [1, 2): 1334',
      'known [2, 3): 1978',
      'known [3, 4): 1347',
      'known [4, 7]: 591',
      'above above 7: 0',
    ]);
    expect(shown(bins, 'total_charges').at(-2)).toBe('known [5495.42, 15701.2]: 376');
    for (const { bins: ofFeature } of bins.features) {
      const known = ofFeature.bins.filter(({ kind }) => kind === 'known');
      expect(Math.min(...known.map(({ referenceRows }) => referenceRows))).toBeGreaterThan(0.05 * 5250);
      expect(known.reduce((sum, { referenceRows }) => sum + referenceRows, 0)).toBe(5250);
    }
  });

  it('has no bins of values that the API refuses', () => {
    const kinds = ({ features }: DriftBins, name: string): string[] =>
      (features.find((feature) => feature.name === name)?.bins.bins ?? [])
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'known');
    expect(kinds(binsOf(BUNDLED), 'tenure_months')).toEqual([]);
    expect(kinds(binsOf(BUNDLED), 'total_charges')).toEqual(['above']);
    expect(kinds(binsOf(TELCO), 'gender')).toEqual([]);
    expect(kinds(binsOf(TELCO), 'total_charges')).toEqual(['below', 'above', 'missing']);
    expect(kinds(binsOf(TELCO), 'payment_method')).toEqual(['unknown', 'missing']);
  });

  it('counts the missing rows of the training', () => {
    expect(shown(binsOf(TELCO), 'payment_method').slice(-2)).toEqual([
      'unknown unknown: 0',
      'missing missing: 162',
    ]);
    expect(shown(binsOf(TELCO), 'has_dependents')).toEqual([
      'known false: 3417',
      'known true: 1622',
      'missing missing: 211',
    ]);
  });

  it('watches neither features without statistics nor scores without a reference', () => {
    const { version, format_version, sha256, features, inputs, output, examples } = BUNDLED;
    const [first, second] = features;
    const bins = binsOf({
      ...{ version: version ?? '', format_version, sha256, inputs, output, examples },
      features: [{ name: first?.name ?? '', type: 'integer' }, ...(second === undefined ? [] : [second])],
    });
    expect(bins.features.map(({ name }) => name)).toEqual(['monthly_charges']);
    expect(bins.unwatched).toEqual(['tenure_months']);
    expect(bins.scores).toBeUndefined();
  });

  it('names another reference where a row of the training is another', () => {
    const reference = binsOf(BUNDLED).reference;
    expect(reference).toMatch(/^[0-9a-f]{8}$/);
    expect(binsOf(structuredClone(BUNDLED)).reference).toBe(reference);
    const { features } = BUNDLED;
    const changed = features.map((feature) =>
      feature.name === 'tenure_months' && feature.type === 'integer' ? withOneRowLess(feature) : feature,
    );
    expect(binsOf({ ...BUNDLED, features: changed }).reference).not.toBe(reference);
  });
});

describe('coarser bins', () => {
  const wide = manifestOf(
    number('few', 3),
    number('many', 16),
    category(
      'texts',
      Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`c${index}`, index + 1])),
    ),
  );

  function sizes(maxBins: number): Record<string, number> {
    return Object.fromEntries(
      binsOf(wide, maxBins).features.map(({ name, bins }) => [name, bins.bins.length]),
    );
  }

  it('cost the features with the most bins first', () => {
    expect(sizes(1000)).toEqual({ few: 6, many: 19, texts: 301 });
    expect(sizes(100)).toEqual({ few: 6, many: 19, texts: 75 });
    expect(sizes(30)).toEqual({ few: 6, many: 12, texts: 12 });
    expect(sizes(15)).toEqual({ few: 5, many: 5, texts: 5 });
  });

  it('hold the same rows', () => {
    for (const maxBins of [1000, 100, 30, 15, 10]) {
      for (const { bins } of binsOf(wide, maxBins).features) {
        const rows = bins.bins.reduce((sum, { referenceRows }) => sum + referenceRows, 0);
        expect([60, 320, 45_150]).toContain(rows);
      }
    }
  });

  it('join the rarest categories', () => {
    expect(shown(binsOf(wide, 30), 'texts').slice(-3)).toEqual([
      'known c290: 291',
      'known 290 rare categories: 42195',
      'unknown unknown: 0',
    ]);
  });

  it('leave out the last features if nothing else helps', () => {
    expect(sizes(8)).toEqual({ few: 4, many: 4 });
    expect(binsOf(wide, 8).unwatched).toEqual(['texts']);
  });

  it('are never more than the bound, however many features there are', () => {
    const features = Array.from({ length: 700 }, (_, index) => number(`n${index}`, 20));
    const bins = binsOf(manifestOf(...features));
    const count = bins.features.reduce((sum, { bins: ofFeature }) => sum + ofFeature.bins.length, 0);
    expect(count).toBeLessThanOrEqual(MAX_FEATURE_BINS);
    expect([bins.features.length, bins.unwatched.length]).toEqual([500, 200]);
  });
});
