import type { Contract } from './contract.js';
import { type Contradiction, inWords } from './contradiction.js';
import { contradictionsInExplanations } from './explanations-contradiction.js';
import {
  type Customer,
  type Feature,
  type FeaturesByName,
  type FeatureValue,
  isAccepted,
  isFeatureName,
  isNumberFeature,
  isWholeText,
  NAMES_OF_EVERY_OBJECT,
  type NumberFeature,
} from './feature.js';
import type {
  CountStatistics,
  GoldenRows,
  Histogram,
  ModelManifest,
  NumberStatistics,
  StatedInput,
  Thresholds,
} from './manifest.js';
import { canHoldMissing, numberRange } from './tensor-type.js';

/** The first contradiction in a manifest that follows its schema, which cannot say these rules. */
export function contradictionIn(manifest: ModelManifest, contract: Contract): Contradiction | undefined {
  const first: IteratorResult<Contradiction, void> = contradictionsIn(manifest, contract).next();
  return first.done === true ? undefined : first.value;
}

function* contradictionsIn(manifest: ModelManifest, contract: Contract): Generator<Contradiction, void> {
  const { inputs, golden_rows, explanations, thresholds, reference } = manifest;
  const { features } = contract;
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  yield* inNames(features);
  yield* inInputs(inputs, byName);
  for (const feature of features) {
    yield* inFeature(feature);
  }
  for (const { name, statistics } of manifest.features) {
    yield* inStatistics(byName.get(name), statistics);
  }
  for (const [index, { customer }] of contract.examples.entries()) {
    yield* inExample(customer, byName, `example ${index}`);
  }
  if (golden_rows !== undefined) {
    yield* inGoldenRows(golden_rows, byName);
  }
  if (explanations !== undefined) {
    yield* contradictionsInExplanations(explanations, byName);
  }
  if (thresholds !== undefined) {
    yield* inThresholds(thresholds);
  }
  if (reference !== undefined) {
    yield* inProbabilities(reference.probability_histogram);
  }
}

function* inNames(features: readonly Feature[]): Generator<Contradiction, void> {
  const seen = new Set<string>();
  for (const { name } of features) {
    if (seen.has(name)) {
      yield { expected: 'each feature once', found: `${name} twice` };
    }
    seen.add(name);
    if (!isFeatureName(name)) {
      yield {
        expected: `names of features without control characters, and none of ${NAMES_OF_EVERY_OBJECT.join(', ')}`,
        found: JSON.stringify(name),
      };
    }
  }
}

function* inInputs(inputs: readonly StatedInput[], features: FeaturesByName): Generator<Contradiction, void> {
  const taken = Map.groupBy(
    inputs.flatMap((input) => input.features),
    (name) => name,
  );
  for (const name of features.keys()) {
    const times = taken.get(name)?.length ?? 0;
    if (times !== 1) {
      yield { expected: 'each feature in exactly one of the inputs', found: `${name} in ${times}` };
    }
  }
  for (const input of inputs) {
    yield* inMissingText(input);
    for (const name of input.features) {
      const feature = features.get(name);
      if (feature === undefined) {
        yield { expected: 'inputs of stated features', found: `${name} in the input ${input.name}` };
      } else {
        yield* inFeatureOfInput(feature, input);
      }
    }
  }
}

function takesCategories({ type, category_codes: hasCodes = false }: StatedInput): boolean {
  return type === 'string' || (hasCodes && type !== 'bool');
}

function* inMissingText(input: StatedInput): Generator<Contradiction, void> {
  const { name, type, missing_text: text } = input;
  if (text !== undefined && !takesCategories(input)) {
    yield {
      expected: `a missing_text in string tensors, and those with category_codes, only`,
      found: `one in the input ${name} (${type})`,
    };
  }
  if (text !== undefined && !isWholeText(text)) {
    yield { expected: `a missing_text without NUL and lone surrogates`, found: JSON.stringify(text) };
  }
}

function* inFeatureOfInput(feature: Feature, input: StatedInput): Generator<Contradiction, void> {
  const { name, type, nullable } = feature;
  const takes = `${name} (${type}) in the input ${input.name} (${input.type})`;
  const isCategory = type === 'category';
  const isHeld = isCategory ? takesCategories(input) : input.type !== 'string';
  if (!isHeld || (input.type === 'bool' && type !== 'boolean')) {
    yield {
      expected:
        'categories in a string tensor or one of numbers with category_codes, booleans and numbers in one of numbers, or booleans in a bool tensor',
      found: takes,
    };
  }
  if (isNumberFeature(feature)) {
    yield* inBounds(feature, input);
  }
  if (nullable && !isCategory && !canHoldMissing(input.type)) {
    yield {
      expected: 'a float32 or float64 tensor for a number or a boolean that may be missing',
      found: takes,
    };
  }
  if (nullable && isCategory && input.missing_text === undefined) {
    yield {
      expected: `a missing_text in the input ${input.name}`,
      found: `none, though ${name} may be missing`,
    };
  }
  if (isCategory && input.missing_text !== undefined && feature.categories.includes(input.missing_text)) {
    yield {
      expected: `a missing_text that is not a category of ${name}`,
      found: JSON.stringify(input.missing_text),
    };
  }
}

function* inBounds(
  { name, type, bounds }: NumberFeature,
  input: StatedInput,
): Generator<Contradiction, void> {
  const range = numberRange(input.type, type);
  const beyond = Object.values(bounds).find(
    (bound) => range !== undefined && (bound < range.minimum || bound > range.maximum),
  );
  if (range !== undefined && beyond !== undefined) {
    yield {
      expected: `bounds of ${name} from ${range.minimum} to ${range.maximum}, since its tensor has the type ${input.type}`,
      found: String(beyond),
    };
  }
}

function* inFeature(feature: Feature): Generator<Contradiction, void> {
  const { name } = feature;
  if (feature.type === 'category') {
    const broken = feature.categories.find((category) => !isWholeText(category));
    if (broken !== undefined) {
      yield {
        expected: `categories of ${name} without NUL and lone surrogates`,
        found: JSON.stringify(broken),
      };
    }
  } else if (feature.type !== 'boolean') {
    const { minimum, maximum, bounds } = feature;
    if (minimum > maximum) {
      yield { expected: `bounds of ${name} in order`, found: `from ${minimum} to ${maximum}` };
    }
    const stated = Object.values(bounds);
    if (feature.type === 'integer' && !stated.every(Number.isInteger)) {
      yield { expected: `integers as bounds of ${name}`, found: stated.join(' and ') };
    }
  }
}

function* inStatistics(
  feature: Feature | undefined,
  statistics: NumberStatistics | CountStatistics | undefined,
): Generator<Contradiction, void> {
  if (feature === undefined || statistics === undefined) {
    return;
  }
  const { name } = feature;
  const isHistogram = 'histogram' in statistics;
  if (isHistogram) {
    yield* inHistogram(statistics.histogram, `histogram of ${name}`);
  } else if (!isNumberFeature(feature)) {
    const isBoolean = feature.type === 'boolean';
    const values = isBoolean ? ['true', 'false'] : feature.categories;
    const stranger = Object.keys(statistics.counts).find((value) => !values.includes(value));
    if (stranger !== undefined) {
      yield {
        expected: `counts of ${isBoolean ? 'true and false' : 'its categories'} in the statistics of ${name}`,
        found: JSON.stringify(stranger),
      };
    }
  }
  const counts = isHistogram ? statistics.histogram.counts : Object.values(statistics.counts);
  if (statistics.missing_ratio === 1 && counts.some((count) => count > 0)) {
    yield { expected: `a missing_ratio of ${name} below 1, since values are counted`, found: '1' };
  }
}

function* inExample(
  customer: Customer,
  features: FeaturesByName,
  where: string,
): Generator<Contradiction, void> {
  const stranger = Object.keys(customer).find((name) => !features.has(name));
  if (stranger !== undefined) {
    yield { expected: `stated features in ${where}`, found: stranger };
  }
  for (const feature of features.values()) {
    const value = Object.hasOwn(customer, feature.name) ? customer[feature.name] : undefined;
    if (!isAccepted(feature, value)) {
      yield {
        expected: `a value of ${feature.name} in ${where} that the API accepts`,
        found: inWords(value),
      };
    }
  }
}

function* inGoldenRows(golden: GoldenRows, features: FeaturesByName): Generator<Contradiction, void> {
  const expected = [...features.keys()];
  if (expected.toSorted().join('\0') !== golden.features.toSorted().join('\0')) {
    yield {
      expected: `the features ${expected.join(', ')} in the golden rows`,
      found: golden.features.join(', '),
    };
  }
  if (golden.rows.length !== golden.probabilities.length) {
    yield {
      expected: 'a probability for each golden row',
      found: `${golden.probabilities.length} for ${golden.rows.length} rows`,
    };
  }
  const columns = golden.features.map((name) => features.get(name));
  for (const [row, values] of golden.rows.entries()) {
    if (values.length !== columns.length) {
      yield {
        expected: `${columns.length} values in each golden row`,
        found: `${values.length} in row ${row}`,
      };
    }
    for (const [column, feature] of columns.entries()) {
      const value = values[column];
      if (feature !== undefined && !isOfType(feature, value)) {
        yield {
          expected: `${typeInWords(feature)} for ${feature.name} in the golden row ${row}`,
          found: inWords(value),
        };
      }
    }
  }
}

/** Bounds are the API's: a golden row may lie outside. */
function isOfType({ type, nullable }: Feature, value: FeatureValue): boolean {
  if (value === null || value === undefined) {
    return nullable;
  }
  const expected = type === 'boolean' ? 'boolean' : type === 'category' ? 'string' : 'number';
  return typeof value === expected;
}

function typeInWords({ type, nullable }: Feature): string {
  return `a value of type ${type}${nullable ? ' or null' : ''}`;
}

function* inThresholds({ medium, high }: Thresholds): Generator<Contradiction, void> {
  if (medium > high) {
    yield { expected: 'a medium threshold not above the high one', found: `${medium} > ${high}` };
  }
}

function* inProbabilities(histogram: Histogram): Generator<Contradiction, void> {
  yield* inHistogram(histogram, 'probability histogram');
  if (!histogram.counts.some((count) => count > 0)) {
    yield { expected: 'rows in the probability histogram', found: 'none' };
  }
}

function* inHistogram({ edges, counts }: Histogram, name: string): Generator<Contradiction, void> {
  if (!edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? NaN))) {
    yield { expected: `ascending edges of the ${name}`, found: edges.join(', ') };
  }
  if (counts.length !== edges.length - 1) {
    yield { expected: `${edges.length - 1} counts in the ${name}`, found: String(counts.length) };
  }
}
