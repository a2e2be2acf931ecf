import { type Contradiction, inWords } from './contradiction.js';
import { type FeaturesByName, type FeatureValue, isAccepted } from './feature.js';
import type { GoldenExplanation, StatedExplanations } from './manifest.js';

/** Greatest absolute difference between a golden probability and its parts. They are sums of float64. */
const GREATEST_GAP = 1e-6;

/** What contradicts itself or the contract in the explanations of a manifest. */
export function* contradictionsInExplanations(
  { features: names, background, base_probability: base, golden }: StatedExplanations,
  features: FeaturesByName,
): Generator<Contradiction, void> {
  const expected = [...features.keys()];
  if (expected.toSorted().join('\0') !== names.toSorted().join('\0')) {
    yield { expected: `the features ${expected.join(', ')} in the explanations`, found: names.join(', ') };
  }
  for (const [index, row] of background.entries()) {
    yield* inRow(row, names, features, `the background row ${index}`);
  }
  for (const [index, explanation] of golden.entries()) {
    const where = `the golden explanation ${index}`;
    yield* inRow(explanation.row, names, features, where);
    yield* inContributions(explanation, base, names.length, where);
  }
}

function* inRow(
  row: readonly FeatureValue[],
  names: readonly string[],
  features: FeaturesByName,
  where: string,
): Generator<Contradiction, void> {
  if (row.length !== names.length) {
    yield { expected: `${names.length} values in ${where}`, found: String(row.length) };
  }
  for (const [column, name] of names.entries()) {
    const feature = features.get(name);
    const value = row[column];
    if (feature !== undefined && !isAccepted(feature, value)) {
      yield { expected: `a value of ${name} in ${where} that the API accepts`, found: inWords(value) };
    }
  }
}

function* inContributions(
  { probability, contributions, standard_errors: errors }: GoldenExplanation,
  base: number,
  count: number,
  where: string,
): Generator<Contradiction, void> {
  if (contributions.length !== count) {
    yield { expected: `${count} contributions in ${where}`, found: String(contributions.length) };
  }
  if (errors !== undefined && errors.length !== count) {
    yield { expected: `${count} standard errors in ${where}`, found: String(errors.length) };
  }
  const sum = contributions.reduce((total, contribution) => total + contribution, base);
  if (Math.abs(sum - probability) > GREATEST_GAP) {
    yield {
      expected: `a base probability and contributions that add up to ${probability} in ${where}`,
      found: String(sum),
    };
  }
}
