import { type Customer, type Feature, type FeatureValue, isAccepted, isNumberFeature } from './feature.js';

/** The values of a number or a boolean for all rows: true is 1, false is 0, a missing value is NaN. */
export type NumberColumn = Float64Array;

/** The values of a category for all rows. A missing value is null. */
export type TextColumn = readonly (string | null)[];

/** Rows, column by column, by the names of the features. */
export interface FeatureColumns {
  readonly rowCount: number;
  /** For each number and each boolean. */
  readonly numbers: ReadonlyMap<string, NumberColumn>;
  /** For each category. */
  readonly texts: ReadonlyMap<string, TextColumn>;
}

/**
 * @returns the rows that have a value which the API does not accept, in ascending order
 */
export function refusedRows(features: readonly Feature[], columns: FeatureColumns): readonly number[] {
  const isRefused = new Uint8Array(columns.rowCount);
  for (const feature of features) {
    if (feature.type === 'category') {
      refuseTexts(feature, columns.texts.get(feature.name) ?? [], isRefused);
    } else {
      refuseNumbers(feature, columns.numbers.get(feature.name) ?? new Float64Array(), isRefused);
    }
  }
  const rows: number[] = [];
  for (let row = isRefused.indexOf(1); row !== -1; row = isRefused.indexOf(1, row + 1)) {
    rows.push(row);
  }
  return rows;
}

function refuseNumbers(
  feature: Exclude<Feature, { type: 'category' }>,
  column: NumberColumn,
  isRefused: Uint8Array,
): void {
  const range = isNumberFeature(feature) ? feature : FALSE_TO_TRUE;
  const areAccepted = feature.type === 'number' ? areWithin : areWholeWithin;
  if (column.length === isRefused.length && areAccepted(column, range)) {
    return;
  }
  for (let row = 0; row < isRefused.length; row++) {
    if (!isAccepted(feature, numberAsSent(feature.type, column[row] ?? NaN))) {
      isRefused[row] = 1;
    }
  }
}

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

const FALSE_TO_TRUE: Range = { minimum: 0, maximum: 1 };

/** Nearly always all values are. A loop that asks only this takes half the time. */
function areWithin(column: NumberColumn, { minimum, maximum }: Range): boolean {
  const { length } = column;
  for (let row = 0; row < length; row++) {
    const value = column[row] ?? NaN;
    if (!(value >= minimum && value <= maximum)) {
      return false;
    }
  }
  return true;
}

function areWholeWithin(column: NumberColumn, { minimum, maximum }: Range): boolean {
  const { length } = column;
  for (let row = 0; row < length; row++) {
    const value = column[row] ?? NaN;
    // Number.isInteger takes twice as long.
    if (!(value >= minimum && value <= maximum && value - Math.floor(value) === 0)) {
      return false;
    }
  }
  return true;
}

function refuseTexts(feature: Feature, column: TextColumn, isRefused: Uint8Array): void {
  // A column has few distinct texts, and a text is looked up faster than it is checked.
  const verdicts = new Map<string | null, boolean>();
  for (let row = 0; row < isRefused.length; row++) {
    const text = column[row] ?? null;
    let accepted = verdicts.get(text);
    if (accepted === undefined) {
      accepted = isAccepted(feature, text);
      verdicts.set(text, accepted);
    }
    if (!accepted) {
      isRefused[row] = 1;
    }
  }
}

/** The row as a caller would send it. */
export function customerAt(
  features: readonly Feature[],
  { numbers, texts }: FeatureColumns,
  row: number,
): Customer {
  return customerOfValues(
    features,
    (name) => numbers.get(name)?.[row],
    (name) => texts.get(name)?.[row],
  );
}

/** One row as a caller would send it. @param numberOf the value of a number or a boolean, as its column has it */
export function customerOfValues(
  features: readonly Feature[],
  numberOf: (name: string) => number | undefined,
  textOf: (name: string) => string | null | undefined,
): Customer {
  const customer: Record<string, FeatureValue> = {};
  for (const { name, type } of features) {
    customer[name] = type === 'category' ? (textOf(name) ?? null) : numberAsSent(type, numberOf(name) ?? NaN);
  }
  return customer;
}

function numberAsSent(type: Exclude<Feature['type'], 'category'>, value: number): FeatureValue {
  if (Number.isNaN(value)) {
    return null;
  }
  return type === 'boolean' && (value === 0 || value === 1) ? value === 1 : value;
}
