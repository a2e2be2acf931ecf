import { concatenateTables, type FeatureTable } from '../model/feature-table.js';

/** Rows of one request that wait for the candidate. */
export interface WaitingRows {
  readonly table: FeatureTable;
  /** That were served. */
  readonly probabilities: Float64Array;
  /** Told the candidate's probabilities, or that there are none. */
  readonly settle: (probabilities: Float64Array | undefined) => void;
}

/** Most rows that wait. A row of 20 features takes some 500 bytes. */
const MAX_WAITING_ROWS = 10_000;
const MAX_ORDER_ROWS = 1024;
const FIRST_ORDER_ROWS = 16;
/** The duration of an order that is aimed at, so that one of a slow candidate is not taken for a stall. */
const ORDER_MS = 100;

/** The rows that wait for the candidate, in the order in which they came. */
export class ShadowQueue {
  private readonly waiting: WaitingRows[] = [];
  private waitingRows = 0;
  private orderRows = FIRST_ORDER_ROWS;

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  hasRoomFor(rowCount: number): boolean {
    return this.waitingRows + rowCount <= MAX_WAITING_ROWS;
  }

  add(rows: WaitingRows): void {
    this.waiting.push(rows);
    this.waitingRows += rows.table.rowCount;
  }

  /** Takes the oldest requests, at least one, and no more than the candidate scores in a tenth of a second. */
  take(): { all: readonly WaitingRows[]; table: FeatureTable } {
    let rowCount = 0;
    let count = 0;
    for (const { table } of this.waiting) {
      if (count > 0 && rowCount + table.rowCount > this.orderRows) {
        break;
      }
      rowCount += table.rowCount;
      count++;
    }
    this.waitingRows -= rowCount;
    const all = this.waiting.splice(0, count);
    return { all, table: concatenateTables(all.map(({ table }) => table)) };
  }

  /** Learns how fast the candidate is. */
  took(rowCount: number, durationMs: number): void {
    const rows = Math.floor((rowCount * ORDER_MS) / Math.max(durationMs, 0.01));
    this.orderRows = Math.min(Math.max(1, rows), 2 * this.orderRows, MAX_ORDER_ROWS);
  }

  /** Takes all that wait. @returns how many rows they were */
  clear(): number {
    const { waitingRows } = this;
    for (const { settle } of this.waiting.splice(0)) {
      settle(undefined);
    }
    this.waitingRows = 0;
    return waitingRows;
  }
}
