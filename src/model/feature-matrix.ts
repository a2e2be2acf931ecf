/** Feature values in double precision, row by row: the value of row r, column c is at r * columnCount + c. */
export interface FeatureMatrix {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly values: Float64Array;
}

export type TensorType = 'float32' | 'float64' | 'int64';
export type TensorData = Float32Array | Float64Array | BigInt64Array;

/**
 * The values as data of one [rows, columns] tensor.
 *
 * They are cast as numpy's `astype` casts: to the nearest float32, or toward zero for int64. What an int64 cannot
 * hold becomes the nearest one that it can.
 */
export function encodeMatrix({ values }: FeatureMatrix, type: TensorType): TensorData {
  switch (type) {
    case 'float32':
      return new Float32Array(values);
    case 'float64':
      return values;
    case 'int64':
      return BigInt64Array.from(values, toInt64);
  }
}

/** One column's values as data of a [rows, 1] tensor, cast as by `encodeMatrix`. */
export function encodeColumn(matrix: FeatureMatrix, column: number, type: TensorType): TensorData {
  const { rowCount, columnCount, values } = matrix;
  const columnValues = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    columnValues[row] = values[row * columnCount + column] ?? NaN;
  }
  return encodeMatrix({ rowCount, columnCount: 1, values: columnValues }, type);
}

/** The values of one row. */
export function rowValues({ columnCount, values }: FeatureMatrix, row: number): number[] {
  return Array.from(values.subarray(row * columnCount, (row + 1) * columnCount));
}

export function matrixOfRows(rows: readonly (readonly number[])[], columnCount: number): FeatureMatrix {
  return { rowCount: rows.length, columnCount, values: Float64Array.from(rows.flat()) };
}

/** All rows of all matrices, which have the same columns, in their order. */
export function concatenateRows(matrices: readonly FeatureMatrix[]): FeatureMatrix {
  const [first, second] = matrices;
  if (first !== undefined && second === undefined) {
    return first;
  }
  const columnCount = first?.columnCount ?? 0;
  const rowCount = matrices.reduce((sum, matrix) => sum + matrix.rowCount, 0);
  const values = new Float64Array(rowCount * columnCount);
  let position = 0;
  for (const matrix of matrices) {
    values.set(matrix.values, position);
    position += matrix.values.length;
  }
  return { rowCount, columnCount, values };
}

const MAX_INT64 = 2n ** 63n - 1n;

function toInt64(value: number): bigint {
  const integer = BigInt(Math.trunc(value));
  return integer > MAX_INT64 ? MAX_INT64 : integer < -MAX_INT64 ? -MAX_INT64 : integer;
}
