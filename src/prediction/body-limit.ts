import type { Contract } from '../bundle/contract.js';
import { type Feature, MAX_CATEGORY_LENGTH } from '../bundle/feature.js';
import type { Settings } from '../config/settings.js';
import { MAX_BATCH_CUSTOMERS } from './dto/customer-batch.dto.js';

/** Enough for a full batch of few features, pretty-printed and with fields that are ignored. */
const LEAST_BYTES = 131_072;

/** To parse a larger body would keep the event loop for half a second. Whoever needs more sets it. */
const MOST_BYTES = 4_194_304;

/** Of a field: colon, comma and some white space. */
const PUNCTUATION_BYTES = 8;
/** Of -1.2345678901234567e-308: JSON writes no double longer. */
const LONGEST_NUMBER_BYTES = 24;
/** For white space, and fields that are ignored. */
const ROOM = 1.25;

/** The largest body that is read: with `auto` what a full batch of the contract can take, with room, but no more than 4 MiB. */
export function bodyLimitBytes(
  { bodyLimitBytes: setting }: Pick<Settings, 'bodyLimitBytes'>,
  { features }: Pick<Contract, 'features'>,
): number {
  if (setting !== 'auto') {
    return setting;
  }
  const customerBytes = features.reduce((sum, feature) => sum + fieldBytes(feature), PUNCTUATION_BYTES);
  const batchBytes = Math.ceil(ROOM * MAX_BATCH_CUSTOMERS * customerBytes);
  return Math.min(Math.max(LEAST_BYTES, batchBytes), MOST_BYTES);
}

function fieldBytes(feature: Feature): number {
  return textBytes(feature.name) + PUNCTUATION_BYTES + valueBytes(feature);
}

/** The most bytes that a value takes in JSON. */
export function valueBytes(feature: Feature): number {
  if (feature.type !== 'category') {
    return LONGEST_NUMBER_BYTES;
  }
  const { categories, unknown } = feature;
  const longest = unknown === 'accept' ? MAX_CATEGORY_LENGTH : 0;
  return categories.reduce((bytes, category) => Math.max(bytes, textBytes(category)), longest);
}

/** As JSON in ASCII, which some clients write: any other UTF-16 code unit is \uXXXX. */
function textBytes(text: string): number {
  return JSON.stringify(text).replace(/[\x80-\uffff]/g, '\\uXXXX').length;
}
