import { categoriesInWords } from '../../bundle/categories-in-words.js';
import { type Feature, MAX_CATEGORY_LENGTH, type NumberFeature } from '../../bundle/feature.js';

/** How a value is refused that the feature does not accept, without its name and the value. */
export function messageOf(feature: Feature): string {
  return `must be ${allowedValues(feature)}${feature.nullable ? ', or null' : ''}`;
}

function allowedValues(feature: Feature): string {
  switch (feature.type) {
    case 'integer':
      return `an integer${boundsInWords(feature)}`;
    case 'number':
      return `a number${boundsInWords(feature)}`;
    case 'boolean':
      return 'true or false';
    case 'category':
      return feature.unknown === 'refuse'
        ? `one of ${categoriesInWords(feature.categories)}`
        : `a text of at most ${MAX_CATEGORY_LENGTH} characters`;
  }
}

function boundsInWords({ bounds: { minimum, maximum } }: NumberFeature): string {
  if (minimum === undefined) {
    return maximum === undefined ? '' : ` of at most ${maximum}`;
  }
  return maximum === undefined ? ` of at least ${minimum}` : ` from ${minimum} to ${maximum}`;
}

/** The description of the field in the API's documentation. */
export function descriptionOf(feature: Feature): string {
  return [...sentences(feature)].join(' ');
}

function* sentences(feature: Feature): Generator<string> {
  yield* meaning(feature);
  switch (feature.type) {
    case 'integer':
    case 'number': {
      const { minimum, maximum } = feature.bounds;
      if (minimum === undefined && maximum === undefined) {
        yield 'Any number that the model takes.';
      } else if (maximum === undefined) {
        yield 'The maximum is the greatest number that the model takes.';
      } else if (minimum === undefined) {
        yield 'The minimum is the least number that the model takes.';
      }
      break;
    }
    case 'boolean':
      break;
    case 'category': {
      const { categories, unknown } = feature;
      yield unknown === 'refuse'
        ? `One of ${categoriesInWords(categories)}.`
        : `The model knows ${categoriesInWords(categories)}. Any other text of at most ${MAX_CATEGORY_LENGTH} characters counts as unknown.`;
    }
  }
  if (feature.nullable) {
    yield 'null, or left out, if it is missing.';
  }
}

/** The description of a manifest may be sentences, or a phrase, to which the unit belongs. */
function* meaning(feature: Feature): Generator<string> {
  const { name, description } = feature;
  const unit = 'unit' in feature ? feature.unit : undefined;
  const phrase = description === '' ? `The feature ${name}` : description;
  if (unit === undefined) {
    yield isSentence(phrase) ? phrase : `${phrase}.`;
  } else if (isSentence(phrase)) {
    yield phrase;
    yield `Unit: ${unit}.`;
  } else {
    yield `${phrase}, in ${unit}.`;
  }
}

function isSentence(text: string): boolean {
  return /[.!?]$/.test(text);
}
