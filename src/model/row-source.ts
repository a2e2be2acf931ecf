import { type FeatureTable, sliceRows } from './feature-table.js';

/** Rows that are made when their pass begins, so that those that wait take no memory. */
export interface RowSource {
  readonly rowCount: number;
  /** The rows from `start` to before `end`. */
  rows(start: number, end: number): FeatureTable;
}

/** The rows of a table that is there already. */
export function rowsOf(table: FeatureTable): RowSource {
  return { rowCount: table.rowCount, rows: (start, end) => sliceRows(table, start, end) };
}
