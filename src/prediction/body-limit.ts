import type { Contract } from '../bundle/contract.js';
import { type Feature, MAX_CATEGORY_LENGTH } from '../bundle/feature.js';
import type { Settings } from '../config/settings.js';
import { MAX_BATCH_CUSTOMERS } from './dto/customer-batch.dto.js';

/** Enough for a full batch of few features, pretty-printed and with fields that are ignored. */
const LEAST_BYTES = 131_072;

/** Of a field: colon, comma, line break and indentation. */
const PUNCTUATION_BYTES = 16;
/** Of -1.2345678901234567e-308: JSON writes no double longer. */
const LONGEST_NUMBER_BYTES = 24;
/** UTF-8. */
const MAX_CODE_POINT_BYTES = 4;
/** For white space, and fields that are ignored. */
const ROOM = 1.5;

/** The largest body that is read: with `auto` what a full batch of the contract can take, with room. */
export function bodyLimitBytes(
  { bodyLimitBytes: setting }: Pick<Settings, 'bodyLimitBytes'>,
  { features }: Pick<Contract, 'features'>,
): number {
  if (setting !== 'auto') {
    return setting;
  }
  const customerBytes = features.reduce((sum, feature) => sum + fieldBytes(feature), PUNCTUATION_BYTES);
  return Math.max(LEAST_BYTES, Math.ceil(ROOM * MAX_BATCH_CUSTOMERS * customerBytes));
}

function fieldBytes(feature: Feature): number {
  return textBytes(feature.name) + PUNCTUATION_BYTES + valueBytes(feature);
}

function valueBytes(feature: Feature): number {
  if (feature.type !== 'category') {
    return LONGEST_NUMBER_BYTES;
  }
  const { categories, unknown } = feature;
  return Math.max(
    unknown === 'accept' ? MAX_CATEGORY_LENGTH * MAX_CODE_POINT_BYTES : 0,
    ...categories.map(textBytes),
  );
}

/** As JSON in ASCII, which some clients write: any other UTF-16 code unit is \uXXXX. */
function textBytes(text: string): number {
  return JSON.stringify(text).replace(/[\x80-\uffff]/g, '\\uXXXX').length;
}
