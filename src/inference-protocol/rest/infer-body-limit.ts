import type { Contract } from '../../bundle/contract.js';
import type { Settings } from '../../config/settings.js';
import { valueBytes } from '../../prediction/body-limit.js';

/** For names, shapes and what else a request says beside its values. */
const LEAST_BYTES = 131_072;

/** To parse a larger body would keep the event loop for a fifth of a second. Whoever needs more sets it. */
const MOST_BYTES = 16_777_216;

/** Of a value in JSON: comma, white space, and brackets of its own. */
const PUNCTUATION_BYTES = 4;

/** The largest body that is read: with `auto` what MAX_INFER_ROWS rows can take, but no more than 16 MiB. */
export function inferBodyLimitBytes(
  { bodyLimitBytes: setting, maxInferRows }: Pick<Settings, 'bodyLimitBytes' | 'maxInferRows'>,
  { features }: Pick<Contract, 'features'>,
): number {
  if (setting !== 'auto') {
    return setting;
  }
  const rowBytes = features.reduce((sum, feature) => sum + valueBytes(feature) + PUNCTUATION_BYTES, 0);
  return Math.min(LEAST_BYTES + maxInferRows * rowBytes, MOST_BYTES);
}
