import { concatenateTables, type FeatureTable } from '../model/feature-table.js';
import type { RowSource } from '../model/row-source.js';

/** The rows of several sources, one after the other. */
export class JoinedRows implements RowSource {
  readonly rowCount: number;
  /** Of each source, among all rows. */
  readonly firstRows: readonly number[];

  constructor(private readonly sources: readonly RowSource[]) {
    let rowCount = 0;
    this.firstRows = sources.map((source) => {
      const firstRow = rowCount;
      rowCount += source.rowCount;
      return firstRow;
    });
    this.rowCount = rowCount;
  }

  rows(start: number, end: number): FeatureTable {
    const parts = this.sources.flatMap((source, index) => {
      const firstRow = this.firstRows[index] ?? NaN;
      const from = Math.max(0, start - firstRow);
      const to = Math.min(source.rowCount, end - firstRow);
      return from < to ? [source.rows(from, to)] : [];
    });
    return concatenateTables(parts);
  }
}
