import type { Contract } from '../bundle/contract.js';
import type { Customer } from '../bundle/feature.js';
import type { FeatureContribution, OtherContributions } from './dto/explanation.dto.js';
import type { Reasons } from './explainer.js';

/** Lists the contributions by size, and those of the same size in the order of the contract. */
export function strongestFirst(
  customer: Customer,
  { contributions }: Reasons,
  { features }: Contract,
): FeatureContribution[] {
  return features
    .map(({ name }) => {
      const { value: contribution = NaN, standardError } = contributions.get(name) ?? {};
      return {
        feature: name,
        value: customer[name] ?? null,
        contribution,
        ...(standardError !== undefined && { standard_error: standardError }),
      };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/** Keeps the first contributions and adds the others up. */
export function withOthers(
  contributions: readonly FeatureContribution[],
  count: number,
): { contributions: readonly FeatureContribution[]; others: OtherContributions } {
  const others = contributions.slice(count);
  return {
    contributions: contributions.slice(0, count),
    others: {
      features: others.length,
      contribution: others.reduce((sum, { contribution }) => sum + contribution, 0),
    },
  };
}
