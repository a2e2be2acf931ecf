import { categoriesInWords } from './categories-in-words.js';
import type { Contract } from './contract.js';
import { type Feature, isNumberFeature } from './feature.js';

/**
 * How a contract differs from another, one sentence for each difference; none if callers notice nothing. Descriptions,
 * units, examples and the order of the features are for people, and may differ.
 */
export function contractDifferences(served: Contract, next: Contract): string[] {
  const servedByName = new Map(served.features.map((feature) => [feature.name, feature]));
  const nextByName = new Map(next.features.map((feature) => [feature.name, feature]));
  return [
    ...(served.isExplained && !next.isExplained ? ['explanations are removed'] : []),
    ...served.features.filter(({ name }) => !nextByName.has(name)).map(({ name }) => `${name} is removed`),
    ...next.features.filter(({ name }) => !servedByName.has(name)).map(({ name }) => `${name} is added`),
    ...next.features.flatMap((feature) => {
      const before = servedByName.get(feature.name);
      return before === undefined
        ? []
        : [...changes(before, feature)].map((change) => `${feature.name} ${change}`);
    }),
  ];
}

function* changes(before: Feature, after: Feature): Generator<string> {
  if (before.nullable !== after.nullable) {
    yield after.nullable ? 'is loosened: it may be missing' : 'is tightened: it may not be missing any more';
  }
  if (before.type === 'category' && after.type === 'category') {
    const gone = without(before.categories, after.categories);
    const fresh = without(after.categories, before.categories);
    if (before.unknown !== after.unknown) {
      yield after.unknown === 'accept'
        ? 'is loosened: unknown categories are accepted'
        : 'is tightened: unknown categories are refused';
    } else if (after.unknown === 'refuse' && gone.length > 0) {
      yield `is tightened: without the categories ${categoriesInWords(gone)}`;
    }
    if (after.unknown === 'refuse' && before.unknown === 'refuse' && fresh.length > 0) {
      yield `is loosened: with the categories ${categoriesInWords(fresh)}`;
    }
  } else if (isNumberFeature(before) && isNumberFeature(after)) {
    if (before.type !== after.type) {
      yield after.type === 'integer' ? 'is tightened: integers only' : 'is loosened: any number';
    }
    yield* boundChanges('minimum', before.minimum, after.minimum, after.minimum > before.minimum);
    yield* boundChanges('maximum', before.maximum, after.maximum, after.maximum < before.maximum);
  } else if (before.type !== after.type) {
    yield `has the type ${after.type} instead of ${before.type}`;
  }
}

function* boundChanges(bound: string, before: number, after: number, isTighter: boolean): Generator<string> {
  if (before !== after) {
    yield `is ${isTighter ? 'tightened' : 'loosened'}: its ${bound} is ${after} instead of ${before}`;
  }
}

/** There may be tens of thousands of each. */
function without(categories: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return categories.filter((category) => !known.has(category));
}
