import type { CallContext } from '../call-context.js';
import type { FeatureTable } from '../feature-table.js';
import { DeadlineExceededError, RequestAbandonedError } from '../model.errors.js';
import type { PassCost } from './pass-cost.js';

/**
 * A pass takes at most this share of the time that any of its requests has. So there is time for the pass that a request waits for
 * and for its own, however many others join it, even if both take a quarter longer than expected.
 */
const PASS_SHARE = 0.4;

/** @returns the most rows of a pass with a request that has this time */
export function rowsInTime(timeMs: number, maxRows: number, cost: PassCost): number {
  return Math.max(1, Math.min(maxRows, cost.rowsWithin(PASS_SHARE * timeMs)));
}

/** A request whose forward pass has not begun. */
export interface WaitingRequest {
  readonly table: FeatureTable;
  readonly call: CallContext;
  /** On the clock of `performance.now()`. */
  readonly queuedAtMs: number;
  readonly resolve: (probabilities: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The requests that wait for a forward pass. Single rows and batches queue apart and take turns at being first, so that neither can
 * hold the other up for more than one pass. A request's rows are never split.
 */
export class RequestQueue {
  private readonly singles: WaitingRequest[] = [];
  private readonly batches: WaitingRequest[] = [];
  private singlesFirst = true;
  private waitingRows = 0;

  get rowCount(): number {
    return this.waitingRows;
  }

  push(request: WaitingRequest): void {
    this.laneOf(request).push(request);
    this.waitingRows += request.table.rowCount;
  }

  /** Rejects and removes the requests whose deadline has passed. */
  rejectExpired(nowMs: number): void {
    for (const lane of [this.singles, this.batches]) {
      let keptCount = 0;
      for (const request of lane) {
        if (request.call.deadlineAtMs <= nowMs) {
          this.waitingRows -= request.table.rowCount;
          rejectAsExpired(request, nowMs);
        } else {
          lane[keptCount++] = request;
        }
      }
      lane.length = keptCount;
    }
  }

  /** Removes the requests of the next pass, and rejects the requests that nobody waits for any more. */
  takePass(maxRows: number, cost: PassCost): WaitingRequest[] {
    const lanes = this.singlesFirst ? [this.singles, this.batches] : [this.batches, this.singles];
    this.singlesFirst = !this.singlesFirst;
    const nowMs = performance.now();
    const taken: WaitingRequest[] = [];
    let rowCount = 0;
    let mostRows = maxRows;
    for (const lane of lanes) {
      for (let next = lane[0]; next !== undefined; next = lane[0]) {
        const { table, call, queuedAtMs, reject } = next;
        const mostWithIt = rowsInTime(call.deadlineAtMs - queuedAtMs, mostRows, cost);
        if (call.closed) {
          reject(new RequestAbandonedError());
        } else if (call.deadlineAtMs <= nowMs) {
          rejectAsExpired(next, nowMs);
        } else if (taken.length === 0 || rowCount + table.rowCount <= mostWithIt) {
          taken.push(next);
          rowCount += table.rowCount;
          mostRows = mostWithIt;
        } else {
          break;
        }
        lane.shift();
        this.waitingRows -= table.rowCount;
      }
    }
    return taken;
  }

  private laneOf({ table }: WaitingRequest): WaitingRequest[] {
    return table.rowCount === 1 ? this.singles : this.batches;
  }
}

function rejectAsExpired({ call, queuedAtMs, reject }: WaitingRequest, nowMs: number): void {
  call.trace?.record('queue', queuedAtMs, nowMs);
  reject(new DeadlineExceededError());
}
