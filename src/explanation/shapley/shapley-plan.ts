import type { RowSource } from '../../model/row-source.js';
import type { FeatureTable } from '../../model/feature-table.js';

/** The rows against which a model's answers are explained. */
export interface Background {
  readonly table: FeatureTable;
  /** The model's own for each row. */
  readonly probabilities: Float64Array;
  /** Their mean: the probability before anything is known of a customer. */
  readonly baseProbability: number;
}

/** How much each column of the table adds to the base. */
export interface Attribution {
  /** They add up to the customer's probability less the base. */
  readonly contributions: Float64Array;
  /** Of each contribution, if it is an estimate. */
  readonly standardErrors: Float64Array | undefined;
}

/** The rows that a model has to score for an explanation, of which the first is the customer. */
export interface ShapleyPlan extends RowSource {
  readonly kind: 'exact' | 'sampled';
  /** @param probabilities of the rows */
  attribute(probabilities: Float64Array): Attribution;
}
