import type { Customer, Feature, FeatureValue } from '../bundle/feature.js';
import type { FeatureTable, TableLayout } from '../model/feature-table.js';
import type { ScoredRows } from './scored-rows.js';

/** Scored rows that did not come as customers. Customers are made of the table when somebody wants to see them. */
export class ScoredTable implements ScoredRows {
  candidateProbabilities?: Promise<Float64Array | undefined>;
  private made: readonly Customer[] | undefined;

  constructor(
    private readonly features: readonly Feature[],
    private readonly layout: TableLayout,
    readonly table: FeatureTable,
    readonly probabilities: Float64Array,
  ) {}

  get customers(): readonly Customer[] {
    this.made ??= customersOf(this.features, this.layout, this.table);
    return this.made;
  }
}

function customersOf(
  features: readonly Feature[],
  { numbers, texts }: TableLayout,
  table: FeatureTable,
): Customer[] {
  const numberOf = new Map(numbers.map((name, column) => [name, column]));
  const textOf = new Map(texts.map((text, column) => [text.name, { ...text, column }]));
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(
      features.map((feature) => {
        const text = textOf.get(feature.name);
        const value =
          text === undefined
            ? numberValue(feature, table.numbers[row * numbers.length + (numberOf.get(feature.name) ?? NaN)])
            : textValue(feature, table.texts[row * texts.length + text.column], text.missingText);
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

/** A text that stands for a missing value is a category where no value may be missing. */
function textValue({ nullable }: Feature, text: string | undefined, missingText: string): FeatureValue {
  return nullable && text === missingText ? null : text;
}
