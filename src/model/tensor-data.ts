import { INT32_RANGE, type TensorType } from '../bundle/tensor-type.js';
import type { FeatureTable } from './feature-table.js';

export type TensorData =
  Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | readonly string[];

/** The columns of a table that go into one input of the graph. They lie next to each other. */
export interface TensorColumns {
  readonly type: TensorType;
  /** Among the table's columns of numbers, or of texts. */
  readonly firstColumn: number;
  readonly columnCount: number;
}

/**
 * The values of these columns as data of a [rows, columns] tensor.
 *
 * Numbers are cast as numpy's `astype` casts: to the nearest float32, or toward zero for an integer. What an integer
 * type cannot hold becomes the nearest one that it can.
 */
export function tensorData(
  table: FeatureTable,
  { type, firstColumn, columnCount }: TensorColumns,
): TensorData {
  const { rowCount } = table;
  if (type === 'string') {
    return pick(table.texts, rowCount, firstColumn, columnCount, (length) => new Array<string>(length));
  }
  return castNumbers(
    pick(table.numbers, rowCount, firstColumn, columnCount, (length) => new Float64Array(length)),
    type,
  );
}

interface Cells<T> {
  readonly length: number;
  [index: number]: T;
}

/** The cells of some columns; all columns are not copied. */
function pick<T, C extends Cells<T>, R extends Readonly<Cells<T>>>(
  cells: R,
  rowCount: number,
  firstColumn: number,
  columnCount: number,
  create: (length: number) => C,
): R | C {
  const columnsOfTable = cells.length / rowCount;
  if (columnCount === columnsOfTable) {
    return cells;
  }
  const picked = create(rowCount * columnCount);
  let position = 0;
  for (let row = 0; row < rowCount; row++) {
    const start = row * columnsOfTable + firstColumn;
    for (let cell = start; cell < start + columnCount; cell++) {
      picked[position++] = cells[cell] as T;
    }
  }
  return picked;
}

function castNumbers(values: Float64Array, type: Exclude<TensorType, 'string'>): TensorData {
  switch (type) {
    case 'float32':
      return new Float32Array(values);
    case 'float64':
      return values;
    case 'int32':
      return Int32Array.from(values, toInt32);
    case 'int64':
      return BigInt64Array.from(values, toInt64);
    case 'bool':
      return Uint8Array.from(values);
  }
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

function toInt32(value: number): number {
  return Math.min(Math.max(Math.trunc(value), INT32_RANGE.minimum), INT32_RANGE.maximum);
}

function toInt64(value: number): bigint {
  const integer = BigInt(Math.trunc(value));
  return integer > MAX_INT64 ? MAX_INT64 : integer < MIN_INT64 ? MIN_INT64 : integer;
}
