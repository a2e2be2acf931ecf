import { categoriesInWords } from './categories-in-words.js';
import type { Contract } from './contract.js';
import { type Feature, isNumberFeature, type NumberFeature } from './feature.js';

export interface ContractDifference {
  /** Whether all customers that were accepted still are. */
  readonly isLoosening: boolean;
  readonly sentence: string;
}

const MOST_LISTED = 20;

/** The first differences, for an error. */
export function differencesInWords(sentences: readonly string[]): string {
  return sentences.slice(0, MOST_LISTED).join('; ');
}

/** How a contract differs from another, one sentence for each difference; none if callers notice nothing. */
export function contractDifferences(served: Contract, next: Contract): string[] {
  return differencesBetween(served, next).map(({ sentence }) => sentence);
}

/**
 * How a contract differs from another. Descriptions, units, examples and the order of the features are for people, and may
 * differ.
 */
export function differencesBetween(served: Contract, next: Contract): ContractDifference[] {
  const servedByName = new Map(served.features.map((feature) => [feature.name, feature]));
  const nextByName = new Map(next.features.map((feature) => [feature.name, feature]));
  return [
    ...(served.isExplained && !next.isExplained ? [other('explanations are removed')] : []),
    ...served.features
      .filter(({ name }) => !nextByName.has(name))
      .map(({ name }) => other(`${name} is removed`)),
    ...next.features
      .filter(({ name }) => !servedByName.has(name))
      .map(({ name }) => other(`${name} is added`)),
    ...next.features.flatMap((feature) => {
      const before = servedByName.get(feature.name);
      return before === undefined
        ? []
        : [...changes(before, feature)].map(({ isLoosening, sentence }) => ({
            isLoosening,
            sentence: `${feature.name} ${sentence}`,
          }));
    }),
  ];
}

function loosened(how: string): ContractDifference {
  return { isLoosening: true, sentence: `is loosened: ${how}` };
}

function tightened(how: string): ContractDifference {
  return other(`is tightened: ${how}`);
}

function other(sentence: string): ContractDifference {
  return { isLoosening: false, sentence };
}

/** The sentences lack their subject, the feature's name. */
function* changes(before: Feature, after: Feature): Generator<ContractDifference> {
  if (before.nullable !== after.nullable) {
    yield after.nullable ? loosened('it may be missing') : tightened('it may not be missing any more');
  }
  if (before.type === 'category' && after.type === 'category') {
    const gone = without(before.categories, after.categories);
    const fresh = without(after.categories, before.categories);
    if (before.unknown !== after.unknown) {
      yield after.unknown === 'accept'
        ? loosened('unknown categories are accepted')
        : tightened('unknown categories are refused');
    } else if (after.unknown === 'refuse' && gone.length > 0) {
      yield tightened(`without the categories ${categoriesInWords(gone)}`);
    }
    const { missingText } = after;
    if (
      after.unknown === 'accept' &&
      missingText !== undefined &&
      missingText !== before.missingText &&
      (before.unknown === 'accept' || before.categories.includes(missingText))
    ) {
      yield tightened(`${JSON.stringify(missingText)} must be sent as null`);
    }
    if (after.unknown === 'refuse' && before.unknown === 'refuse' && fresh.length > 0) {
      yield loosened(`with the categories ${categoriesInWords(fresh)}`);
    }
  } else if (isNumberFeature(before) && isNumberFeature(after)) {
    if (before.type !== after.type) {
      yield after.type === 'integer' ? tightened('integers only') : loosened('any number');
    }
    yield* boundChanges('minimum', before, after, after.minimum > before.minimum);
    yield* boundChanges('maximum', before, after, after.maximum < before.maximum);
  } else if (before.type !== after.type) {
    yield other(`has the type ${after.type} instead of ${before.type}`);
  }
}

function* boundChanges(
  bound: 'minimum' | 'maximum',
  before: NumberFeature,
  after: NumberFeature,
  isTighter: boolean,
): Generator<ContractDifference> {
  if (before[bound] !== after[bound]) {
    const how = `its ${bound} is ${boundInWords(bound, after)} instead of ${boundInWords(bound, before)}`;
    yield isTighter ? tightened(how) : loosened(how);
  }
}

function boundInWords(bound: 'minimum' | 'maximum', feature: NumberFeature): string {
  const limit = bound === 'minimum' ? 'least' : 'greatest';
  return feature.bounds[bound] === undefined
    ? `the ${limit} number that the model takes`
    : String(feature[bound]);
}

/** There may be tens of thousands of each. */
function without(categories: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return categories.filter((category) => !known.has(category));
}
