import type { Feature, FeatureValue } from './feature.js';

/** A decimal number; what else `Number()` takes (`0x10`, `Infinity`) is none in a file. */
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/**
 * What a text stands for where all values are texts, as in a CSV file. An empty text is a missing value.
 *
 * @returns the text itself if it is no value of the feature's type, so that validation refuses and shows it
 */
export function valueOfText({ type }: Feature, text: string): FeatureValue {
  if (text === '') {
    return null;
  }
  switch (type) {
    case 'integer':
    case 'number':
      return DECIMAL.test(text) ? Number(text) : text;
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase()) ?? text;
    case 'category':
      return text;
  }
}
