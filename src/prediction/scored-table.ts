import type { Customer, Feature } from '../bundle/feature.js';
import { customerOfValues, type FeatureColumns } from '../bundle/feature-columns.js';
import type { FeatureTable, TableLayout } from '../model/feature-table.js';
import type { ScoredRows } from './scored-rows-feed.js';

/** Scored rows that did not come as customers. Customers are made when somebody wants to see them. */
export class ScoredTable implements ScoredRows {
  candidateProbabilities?: Promise<Float64Array | undefined>;
  private made: readonly Customer[] | undefined;

  /** @param texts as they came: the table may have nothing but a number for them */
  constructor(
    private readonly features: readonly Feature[],
    private readonly layout: TableLayout,
    private readonly texts: FeatureColumns['texts'],
    readonly table: FeatureTable,
    readonly probabilities: Float64Array,
  ) {}

  get customers(): readonly Customer[] {
    this.made ??= customersOf(this.features, this.layout, this.texts, this.table);
    return this.made;
  }
}

/** The numbers are those of the table: it may be the only one who still has them. */
function customersOf(
  features: readonly Feature[],
  layout: TableLayout,
  texts: FeatureColumns['texts'],
  { rowCount, numbers: cells }: FeatureTable,
): Customer[] {
  const width = layout.numbers.length;
  const positions = new Map(layout.numbers.map(({ name }, position) => [name, position]));
  return Array.from({ length: rowCount }, (_, row) =>
    customerOfValues(
      features,
      (name) => cells[row * width + (positions.get(name) ?? NaN)],
      (name) => texts.get(name)?.[row],
    ),
  );
}
