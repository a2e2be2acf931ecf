import { createHash } from 'node:crypto';
import { type Feature, isNumberFeature } from '../../bundle/feature.js';
import type { CountStatistics, ModelManifest, NumberStatistics } from '../../bundle/manifest.js';
import type { Contract } from '../../bundle/contract.js';
import type { BinCount, FeatureBins, NumberBins } from './bin.js';
import { BooleanBinPlan } from './boolean-bins.js';
import { CategoryBinPlan } from './category-bins.js';
import { coarsest } from './coarseness.js';
import { joinSparse, sum } from './join-bins.js';
import { NumberBinPlan, rangeLabels } from './number-bins.js';

/** Counters that a model has at most, whatever its features. */
export const MAX_FEATURE_BINS = 2000;

const DIGEST_LENGTH = 8;

export interface WatchedFeature {
  readonly name: string;
  readonly bins: FeatureBins;
}

/** What a bundle says about its training, in bins. */
export interface DriftBins {
  readonly features: readonly WatchedFeature[];
  /** Features that are not watched: their statistics are not stated, or there are too many. */
  readonly unwatched: readonly string[];
  /** Absent if the manifest states no probabilities of the training. */
  readonly scores: NumberBins | undefined;
  /** Differs where any bin or its rows do. Counts of one are never added to those of another. */
  readonly reference: string;
}

interface BinPlan {
  readonly size: BinCount;
  bins(maxKnown: number): FeatureBins;
}

export function driftBinsOf(
  { features: stated, reference }: Pick<ModelManifest, 'features' | 'reference'>,
  contract: Contract,
  maxBins = MAX_FEATURE_BINS,
): DriftBins {
  const statistics = new Map(stated.map((feature) => [feature.name, feature.statistics]));
  const plans = contract.features.flatMap((feature) => {
    const plan = planOf(feature, statistics.get(feature.name));
    return plan === undefined ? [] : [{ name: feature.name, plan }];
  });
  const { maxKnown } = coarsest(
    plans.map(({ plan }) => plan.size),
    maxBins,
  );
  const features = plans
    .slice(0, maxKnown.length)
    .map(({ name, plan }, index) => ({ name, bins: plan.bins(maxKnown[index] ?? 1) }));
  const watched = new Set(features.map(({ name }) => name));
  const scores = reference === undefined ? undefined : scoreBins(reference);
  return {
    features,
    unwatched: contract.features.map(({ name }) => name).filter((name) => !watched.has(name)),
    scores,
    reference: digest([
      features.map(({ name, bins }) => [name, contents(bins)]),
      scores === undefined ? null : contents(scores),
    ]),
  };
}

function planOf(
  feature: Feature,
  statistics: NumberStatistics | CountStatistics | undefined,
): BinPlan | undefined {
  if (statistics === undefined) {
    return undefined;
  }
  if ('histogram' in statistics) {
    const hasRows = sum(statistics.histogram.counts) > 0;
    return isNumberFeature(feature) && hasRows ? new NumberBinPlan(feature, statistics) : undefined;
  }
  if (sum(Object.values(statistics.counts)) === 0) {
    return undefined;
  }
  switch (feature.type) {
    case 'boolean':
      return new BooleanBinPlan(feature, statistics);
    case 'category':
      return new CategoryBinPlan(feature, statistics);
    default:
      return undefined;
  }
}

/** All probabilities are between the outer edges. */
function scoreBins({ probability_histogram }: NonNullable<ModelManifest['reference']>): NumberBins {
  const { edges, counts } = joinSparse(probability_histogram);
  const labels = rangeLabels(edges);
  return {
    type: 'numbers',
    bins: counts.map((referenceRows, bin) => ({ kind: 'known', label: labels[bin] ?? '', referenceRows })),
    lowerBounds: Float64Array.from(edges.slice(1, -1)),
    missing: -1,
  };
}

function contents(bins: FeatureBins): unknown {
  return [bins.bins, bins.type === 'numbers' ? [...bins.lowerBounds] : [...bins.binOf]];
}

function digest(bins: unknown): string {
  return createHash('sha256').update(JSON.stringify(bins)).digest('hex').slice(0, DIGEST_LENGTH);
}
