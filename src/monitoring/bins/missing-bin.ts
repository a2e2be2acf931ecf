import type { Feature } from '../../bundle/feature.js';
import type { Bin } from './bin.js';

/** @param presentRows rows of the training that have a value */
export function missingBin({ nullable }: Feature, missingRatio: number, presentRows: number): readonly Bin[] {
  if (!nullable) {
    return [];
  }
  const referenceRows = Math.round((presentRows * missingRatio) / (1 - missingRatio));
  return [{ kind: 'missing', label: 'missing', referenceRows }];
}
