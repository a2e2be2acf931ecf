import type { Customer, FeatureValue } from '../bundle/feature.js';
import type { FeatureColumns } from '../bundle/feature-columns.js';
import type { ModelManifest } from '../bundle/manifest.js';
import { CategoryCodes } from './category-codes.js';

/** Rows of features as the graph's inputs take them: the numbers of all rows, and their texts. */
export interface FeatureTable {
  readonly rowCount: number;
  /** [rows, number columns] row by row. A boolean is 1 or 0, a missing number or boolean NaN, a category its code. */
  readonly numbers: Float64Array;
  /** [rows, text columns] row by row. */
  readonly texts: readonly string[];
}

export interface NumberColumn {
  readonly name: string;
  /** Of a category. */
  readonly codes?: CategoryCodes;
}

export interface TextColumn {
  readonly name: string;
  /** Stands for a missing value. */
  readonly missingText: string;
}

/** The features of a table's columns, in the order in which the graph's inputs take them. */
export interface TableLayout {
  readonly numbers: readonly NumberColumn[];
  readonly texts: readonly TextColumn[];
}

export function layoutOf({ inputs, features }: Pick<ModelManifest, 'inputs' | 'features'>): TableLayout {
  const categories = new Map(
    features.flatMap((feature) => (feature.type === 'category' ? [[feature.name, feature.categories]] : [])),
  );
  const numberColumn = (name: string): NumberColumn => {
    const known = categories.get(name);
    return known === undefined ? { name } : { name, codes: new CategoryCodes(known) };
  };
  return {
    numbers: inputs
      .filter(({ type }) => type !== 'string')
      .flatMap((input) => input.features.map(numberColumn)),
    texts: inputs
      .filter(({ type }) => type === 'string')
      .flatMap(({ features, missing_text: missingText = '' }) =>
        features.map((name) => ({ name, missingText })),
      ),
  };
}

/**
 * @param customers values that the contract accepts
 * @returns one row for each customer, in their order
 */
export function tableOf(customers: readonly Customer[], { numbers, texts }: TableLayout): FeatureTable {
  const rowCount = customers.length;
  const table = {
    rowCount,
    numbers: new Float64Array(rowCount * numbers.length),
    texts: new Array<string>(rowCount * texts.length),
  };
  let number = 0;
  let text = 0;
  for (const customer of customers) {
    for (const { name, codes } of numbers) {
      const value = customer[name];
      table.numbers[number++] = codes === undefined ? toNumber(value) : codes.of(value);
    }
    for (const { name, missingText } of texts) {
      const value = customer[name];
      table.texts[text++] = typeof value === 'string' ? value : missingText;
    }
  }
  return table;
}

function toNumber(value: FeatureValue): number {
  if (typeof value === 'number') {
    return value;
  }
  return typeof value === 'boolean' ? Number(value) : NaN;
}

/**
 * @param columns values that the contract accepts
 * @returns the same rows, in their order
 */
export function tableOfColumns(
  { rowCount, numbers, texts }: FeatureColumns,
  layout: TableLayout,
): FeatureTable {
  const table = {
    rowCount,
    numbers: new Float64Array(rowCount * layout.numbers.length),
    texts: new Array<string>(rowCount * layout.texts.length),
  };
  interleave(
    layout.numbers.map(({ name, codes }) =>
      codes === undefined
        ? (numbers.get(name) ?? new Float64Array())
        : codesOf(texts.get(name), rowCount, codes),
    ),
    rowCount,
    table.numbers,
  );
  for (const [offset, { name, missingText }] of layout.texts.entries()) {
    const column = texts.get(name);
    for (let row = 0, index = offset; row < rowCount; row++, index += layout.texts.length) {
      table.texts[index] = column?.[row] ?? missingText;
    }
  }
  return table;
}

function codesOf(
  column: readonly (string | null)[] | undefined,
  rowCount: number,
  codes: CategoryCodes,
): Float64Array {
  const numbers = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    numbers[row] = codes.of(column?.[row]);
  }
  return numbers;
}

/** So that the rows of the table are in the processor's nearest cache until all their columns are written: a third of the time. */
const BLOCK_ROWS = 512;

/** Writes the columns into rows. A column that is too short goes on with NaN. */
function interleave(columns: readonly Float64Array[], rowCount: number, cells: Float64Array): void {
  const width = columns.length;
  for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, rowCount);
    for (let offset = 0; offset < width; offset++) {
      const column = columns[offset];
      if (column !== undefined) {
        copyNumbers(column, cells, offset, width, start, end);
      }
    }
  }
}

/** Few variables, and no property of an object, are what makes this loop fast: V8's middle tier calls a function to read a length. */
function copyNumbers(
  column: Float64Array,
  cells: Float64Array,
  offset: number,
  width: number,
  start: number,
  end: number,
): void {
  for (let row = start, index = start * width + offset; row < end; row++, index += width) {
    cells[index] = column[row] ?? NaN;
  }
}

/** All rows of all tables, which have the same layout, in their order. */
export function concatenateTables(tables: readonly FeatureTable[]): FeatureTable {
  const [first, second] = tables;
  if (first !== undefined && second === undefined) {
    return first;
  }
  const numbers = new Float64Array(tables.reduce((sum, table) => sum + table.numbers.length, 0));
  let position = 0;
  for (const table of tables) {
    numbers.set(table.numbers, position);
    position += table.numbers.length;
  }
  return {
    rowCount: tables.reduce((sum, { rowCount }) => sum + rowCount, 0),
    numbers,
    texts: tables.flatMap(({ texts }) => texts),
  };
}

/** The rows from `start` to before `end`. */
export function sliceRows(table: FeatureTable, start: number, end: number): FeatureTable {
  const { rowCount, numbers, texts } = viewRows(table, start, end);
  return { rowCount, numbers: numbers.slice(), texts };
}

/** As `sliceRows`, but its numbers are those of the table itself. */
export function viewRows(
  { rowCount, numbers, texts }: FeatureTable,
  start: number,
  end: number,
): FeatureTable {
  const numberColumns = numbers.length / rowCount;
  const textColumns = texts.length / rowCount;
  return {
    rowCount: end - start,
    numbers: numbers.subarray(start * numberColumns, end * numberColumns),
    texts: texts.slice(start * textColumns, end * textColumns),
  };
}

/** A table of this many rows, which are those of another table, again and again. */
export function repeatRows({ rowCount, numbers, texts }: FeatureTable, count: number): FeatureTable {
  const repeat = <T>(values: ArrayLike<T>): T[] =>
    Array.from(
      { length: (values.length / rowCount) * count },
      (_, index) => values[index % values.length] as T,
    );
  return { rowCount: count, numbers: Float64Array.from(repeat(numbers)), texts: repeat(texts) };
}

/** The values of one row by the names of their features. */
export function rowValues(
  { rowCount, numbers, texts }: FeatureTable,
  row: number,
  layout: TableLayout,
): Record<string, number | string> {
  const numberColumns = numbers.length / rowCount;
  const textColumns = texts.length / rowCount;
  return Object.fromEntries([
    ...layout.numbers.map(({ name, codes }, column) => {
      const number = numbers[row * numberColumns + column] ?? NaN;
      return [name, codes?.inWords(number) ?? number];
    }),
    ...layout.texts.map(({ name }, column) => [name, texts[row * textColumns + column] ?? '']),
  ]) as Record<string, number | string>;
}
