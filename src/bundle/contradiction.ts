import type { FeatureValue } from './feature.js';

/** Parts of a manifest that do not fit each other. */
export interface Contradiction {
  readonly expected: string;
  readonly found: string;
}

/** A value as JSON has it. */
export function inWords(value: FeatureValue): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
