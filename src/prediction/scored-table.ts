import type { Customer, Feature, FeatureValue } from '../bundle/feature.js';
import { type FeatureColumns, numberAsSent } from '../bundle/feature-columns.js';
import type { FeatureTable, TableLayout } from '../model/feature-table.js';
import type { ScoredRows } from './scored-rows.js';

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
  { numbers }: TableLayout,
  texts: FeatureColumns['texts'],
  { rowCount, numbers: cells }: FeatureTable,
): Customer[] {
  const columns = features.map(({ name, type }) => ({
    name,
    type,
    position: numbers.findIndex((column) => column.name === name),
    texts: texts.get(name),
  }));
  return Array.from({ length: rowCount }, (_, row) => {
    const customer: Record<string, FeatureValue> = {};
    for (const { name, type, position, texts: ofColumn } of columns) {
      customer[name] =
        type === 'category'
          ? (ofColumn?.[row] ?? null)
          : numberAsSent(type, cells[row * numbers.length + position] ?? NaN);
    }
    return customer;
  });
}
