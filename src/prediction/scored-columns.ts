import type { Customer, Feature } from '../bundle/feature.js';
import { customerAt, type FeatureColumns } from '../bundle/feature-columns.js';
import type { FeatureTable } from '../model/feature-table.js';
import type { ScoredRows } from './scored-rows.js';

/** Scored rows that came as columns. Customers are made of them when somebody wants to see them. */
export class ScoredColumns implements ScoredRows {
  candidateProbabilities?: Promise<Float64Array | undefined>;
  private made: readonly Customer[] | undefined;

  constructor(
    private readonly features: readonly Feature[],
    private readonly columns: FeatureColumns,
    readonly table: FeatureTable,
    readonly probabilities: Float64Array,
  ) {}

  get customers(): readonly Customer[] {
    this.made ??= Array.from({ length: this.columns.rowCount }, (_, row) =>
      customerAt(this.features, this.columns, row),
    );
    return this.made;
  }
}
