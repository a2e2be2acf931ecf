import type { FeatureTable } from '../model/feature-table.js';

/** Rows to score, in the columns of the candidate's layout. */
export interface CandidateOrder {
  readonly table: FeatureTable;
}

/** What the candidate's process says: once whether it is ready, then the answer to each order. */
export type CandidateAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'scores'; readonly probabilities: Float64Array; readonly passMs: number }
  | { readonly kind: 'failure'; readonly reason: string };
