import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallContext } from '../call-context.js';
import { freeBytes } from '../free-bytes.js';
import { DeadlineExceededError, ModelOverloadedError, RequestAbandonedError } from '../model.errors.js';
import type { RowSource } from '../row-source.js';
import { IdleQueue, type IdleWork } from './idle-queue.js';
import type { PassCost } from './pass-cost.js';
import type { PassScheduler } from './pass-scheduler.js';

export interface IdlePassesOptions {
  /** Of a pass. */
  readonly maxRows: number;
  /** Of all with a deadline that wait. Work that comes while no other waits may have more. */
  readonly maxQueueRows: number;
  readonly cost: PassCost;
}

/** A prediction that comes during a slice waits for it, so a slice takes no longer than this, or than a row. */
const LONGEST_SLICE_MS = 0.25;
/** A slice may take this much longer than a pass of one row: many models compute some more rows in hardly more time. */
const MOST_ROW_TIMES = 1.25;
/** Of the slices seen so far, the latest weighs this much. */
const LATEST_WEIGHT = 0.2;
/** After so long a rest, earlier passes say nothing of the time that predictions leave. */
const MEMORY_MS = 1000;

/**
 * Runs passes that no prediction waits for, in slices, while there are no predictions: when a turn of the event loop has
 * brought none and the scheduler has room. Under a full load of predictions it runs nothing, and refuses what comes.
 */
export class IdlePasses {
  private readonly queue = new IdleQueue();
  private isWorking = false;
  /** Of a slice: wall-clock time, the wait for idle turns included, and rows. The last slice of a request may have few rows. */
  private meanMs = NaN;
  private meanRows = NaN;
  private lastProgressMs = -Infinity;
  private restsSinceMs = -Infinity;

  constructor(
    private readonly scheduler: PassScheduler,
    private readonly options: IdlePassesOptions,
  ) {}

  get rowsWaiting(): number {
    return this.queue.rowCount;
  }

  /**
   * @returns one probability for each row of the source, in their order
   * @throws {ModelOverloadedError} if it has a deadline, and could not be done in time or too many rows wait
   * @throws {DeadlineExceededError} if the caller's deadline passes first
   * @throws {RequestAbandonedError} if nobody waits for the answer any more
   */
  async submit(source: RowSource, call: CallContext): Promise<Float64Array> {
    const nowMs = performance.now();
    const remainingMs = call.deadlineAtMs - nowMs;
    const isTimed = Number.isFinite(remainingMs);
    this.forgetOldPasses(nowMs);
    if (isTimed) {
      this.refuseIfLate(source.rowCount, nowMs, remainingMs);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Float64Array>();
    const { rowCount } = source;
    const probabilities = new Float64Array(rowCount);
    const work = { source, call, probabilities, nextRow: 0, rowsToDo: rowCount, resolve, reject };
    const expiry = isTimed
      ? setTimeout(() => {
          this.fail(work, new DeadlineExceededError());
        }, remainingMs)
      : undefined;
    this.queue.push(work);
    void this.work();
    return promise.finally(() => {
      clearTimeout(expiry);
    });
  }

  private get sliceRows(): number {
    const { cost, maxRows } = this.options;
    const longestMs = Math.max(LONGEST_SLICE_MS, MOST_ROW_TIMES * cost.expectedMs(1));
    return Math.min(Math.max(1, cost.rowsWithin(longestMs)), maxRows);
  }

  /** Otherwise a few slow passes could have all work refused for ever: without work there are no faster ones. */
  private forgetOldPasses(nowMs: number): void {
    const restMs = nowMs - Math.max(this.restsSinceMs, this.lastProgressMs);
    if (this.isWorking || restMs <= MEMORY_MS) {
      return;
    }
    const { cost } = this.options;
    if (this.scheduler.rowsInFlight === 0) {
      cost.forget();
    }
    const { sliceRows } = this;
    this.meanMs = cost.expectedMs(sliceRows);
    this.meanRows = sliceRows;
  }

  private refuseIfLate(rowCount: number, nowMs: number, remainingMs: number): void {
    const rowsWaiting = this.queue.timedRows + rowCount;
    const lanes = this.queue.hasPatient ? 2 : 1;
    const expectedMs = lanes * rowsWaiting * this.expectedRowMs(nowMs);
    if (expectedMs > remainingMs || (this.queue.hasTimed && rowsWaiting > this.options.maxQueueRows)) {
      throw new ModelOverloadedError(expectedMs);
    }
  }

  /** @returns how long a row takes if predictions leave as much time as they do now */
  private expectedRowMs(nowMs: number): number {
    const rowMs = this.meanMs / this.meanRows;
    if (!this.isWorking) {
      return rowMs;
    }
    // As if the slice that is due ended now. A pause of the process must not count for more.
    const { meanMs, meanRows } = this.meansWith(nowMs - this.lastProgressMs, this.sliceRows);
    return Math.max(rowMs, meanMs / meanRows);
  }

  private async work(): Promise<void> {
    if (this.isWorking) {
      return;
    }
    this.isWorking = true;
    this.lastProgressMs = performance.now();
    while (!this.queue.isEmpty) {
      await this.idleTurn();
      const work = this.queue.next();
      if (work?.call.closed === true) {
        this.fail(work, new RequestAbandonedError());
      } else if (work !== undefined) {
        void this.runSlice(work);
      }
    }
    this.isWorking = false;
    this.restsSinceMs = performance.now();
  }

  /** Waits for a turn of the event loop in which no prediction came, and in which a pass can start. */
  async idleTurn(): Promise<void> {
    let predictions: number;
    do {
      await this.scheduler.room();
      predictions = this.scheduler.submittedCount;
      await nextTurn();
    } while (predictions !== this.scheduler.submittedCount || !this.scheduler.hasRoom);
  }

  /** Never rejects. */
  private async runSlice(work: IdleWork): Promise<void> {
    const start = work.nextRow;
    const end = this.queue.takeRows(work, this.sliceRows);
    try {
      const probabilities = await this.scheduler.runAside(work.source.rows(start, end));
      work.probabilities.set(probabilities, start);
      freeBytes(probabilities);
      this.observe(end - start);
      work.rowsToDo -= end - start;
      if (work.rowsToDo === 0) {
        work.resolve(work.probabilities);
      }
    } catch (error) {
      this.fail(work, error);
    }
  }

  private observe(rowCount: number): void {
    const nowMs = performance.now();
    ({ meanMs: this.meanMs, meanRows: this.meanRows } = this.meansWith(
      nowMs - this.lastProgressMs,
      rowCount,
    ));
    this.lastProgressMs = nowMs;
  }

  private meansWith(latestMs: number, latestRows: number): { meanMs: number; meanRows: number } {
    return {
      meanMs: this.meanMs + LATEST_WEIGHT * (latestMs - this.meanMs),
      meanRows: this.meanRows + LATEST_WEIGHT * (latestRows - this.meanRows),
    };
  }

  private fail(work: IdleWork, error: unknown): void {
    this.queue.remove(work);
    work.reject(error);
  }
}
