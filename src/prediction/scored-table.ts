import type { Customer, Feature, FeatureValue } from '../bundle/feature.js';
import type { FeatureColumns } from '../bundle/feature-columns.js';
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

function customersOf(
  features: readonly Feature[],
  { numbers }: TableLayout,
  texts: FeatureColumns['texts'],
  table: FeatureTable,
): Customer[] {
  const numberOf = new Map(numbers.map(({ name }, column) => [name, column]));
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(
      features.map((feature) => {
        const column = texts.get(feature.name);
        const value =
          column === undefined
            ? numberValue(feature, table.numbers[row * numbers.length + (numberOf.get(feature.name) ?? NaN)])
            : (column[row] ?? null);
        return [feature.name, value];
      }),
    ),
  );
}

function numberValue({ type }: Feature, value = NaN): FeatureValue {
  if (Number.isNaN(value)) {
    return null;
  }
  return type === 'boolean' ? value === 1 : value;
}
