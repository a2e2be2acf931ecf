import type { ModelMetrics } from '../model.metrics.js';
import type { CallContext } from '../call-context.js';
import { concatenateTables, type FeatureTable } from '../feature-table.js';
import {
  DeadlineExceededError,
  ModelNotReadyError,
  ModelOverloadedError,
  RequestAbandonedError,
} from '../model.errors.js';
import type { ForwardPass } from './inference.js';
import type { PassCost } from './pass-cost.js';
import { RequestQueue, rowsInTime, type WaitingRequest } from './request-queue.js';

export interface PassSchedulerOptions {
  /** Of a pass; no request has more. */
  readonly maxRows: number;
  readonly passesAtOnce: number;
  /** Of all that wait for a pass. */
  readonly maxQueueRows: number;
  readonly cost: PassCost;
  readonly metrics: ModelMetrics;
}

/** How often it looks for requests whose deadline has passed. A timer for each took a tenth of a request's CPU time. */
const DEADLINE_CHECK_INTERVAL_MS = 10;

interface RunningPass {
  /** Expected, on the clock of `performance.now()`. */
  readonly endsAtMs: number;
  readonly rowCount: number;
  readonly requests: readonly WaitingRequest[];
}

/**
 * Lets requests share forward passes: the requests that wait when a pass ends go into the next one. While fewer passes run
 * than can, one is started at once, so nobody waits for company.
 *
 * A request that could not be answered before its deadline is refused when it comes, and one whose deadline passes
 * while it waits takes no part in a pass.
 */
export class PassScheduler {
  private readonly queue = new RequestQueue();
  private readonly running: RunningPass[] = [];
  private whenIdle: PromiseWithResolvers<void> | undefined;
  private whenRoom: PromiseWithResolvers<void> | undefined;
  private submitted = 0;
  private deadlineTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly forwardPass: ForwardPass,
    private readonly options: PassSchedulerOptions,
  ) {}

  get rowsWaiting(): number {
    return this.queue.rowCount;
  }

  get rowsInFlight(): number {
    return this.queue.rowCount + this.running.reduce((sum, { rowCount }) => sum + rowCount, 0);
  }

  /**
   * @returns one probability for each row of the table, in their order
   * @throws {ModelOverloadedError} if too many rows wait, or for too long
   * @throws {DeadlineExceededError} if the caller's deadline passes before the pass has ended
   * @throws {RequestAbandonedError} if nobody waits for the answer any more
   */
  async submit(table: FeatureTable, call: CallContext): Promise<Float64Array> {
    const nowMs = performance.now();
    const remainingMs = call.deadlineAtMs - nowMs;
    if (remainingMs <= 0) {
      throw new DeadlineExceededError();
    }
    const answerMs = this.expectedAnswerMs(table.rowCount, nowMs, remainingMs);
    if (answerMs > remainingMs || this.queue.rowCount + table.rowCount > this.options.maxQueueRows) {
      throw new ModelOverloadedError(answerMs);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Float64Array>();
    this.submitted++;
    this.queue.push({ table, call, queuedAtMs: nowMs, resolve, reject });
    this.startPasses();
    this.watchDeadlines();
    return promise;
  }

  /** Requests that came so far. */
  get submittedCount(): number {
    return this.submitted;
  }

  /** Whether a pass can start that no request waits for. Of several passes at once, the last place is kept for requests. */
  get hasRoom(): boolean {
    return this.queue.rowCount === 0 && this.running.length < Math.max(1, this.options.passesAtOnce - 1);
  }

  /** Resolves when there is room. */
  async room(): Promise<void> {
    if (!this.hasRoom) {
      this.whenRoom ??= Promise.withResolvers();
      await this.whenRoom.promise;
    }
  }

  /**
   * Runs a pass at once that no request waits for. Call it only while there is room.
   *
   * @returns one probability for each row of the table, in their order
   * @throws {Error} if the graph fails
   */
  async runAside(table: FeatureTable): Promise<Float64Array> {
    const startedAtMs = performance.now();
    const endsAtMs = startedAtMs + this.options.cost.expectedMs(table.rowCount);
    const pass = { endsAtMs, rowCount: table.rowCount, requests: [] };
    this.running.push(pass);
    try {
      const probabilities = await this.forwardPass(table);
      this.observe(table.rowCount, startedAtMs);
      return probabilities;
    } finally {
      this.ended(pass);
    }
  }

  /** Resolves when no pass runs and nobody waits for one. */
  async idle(): Promise<void> {
    if (this.running.length > 0) {
      this.whenIdle ??= Promise.withResolvers();
      await this.whenIdle.promise;
    }
  }

  /**
   * @param timeMs that a request has which comes now
   * @returns how long it takes until it is answered; 0 if its pass can start at once
   */
  private expectedAnswerMs(rowCount: number, nowMs: number, timeMs: number): number {
    const { maxRows, passesAtOnce, cost } = this.options;
    if (this.running.length < passesAtOnce) {
      return 0;
    }
    const passRows = Math.max(rowCount, rowsInTime(timeMs, maxRows, cost));
    const rowsToDo = this.queue.rowCount + rowCount;
    const passesBefore = Math.floor((rowsToDo - 1) / passRows);
    const untilNextPassMs = Math.max(0, Math.min(...this.running.map(({ endsAtMs }) => endsAtMs)) - nowMs);
    // While others wait for longer than a pass, those that come later will fill its own pass.
    const ownPassMs = cost.expectedMs(passesBefore > 0 ? passRows : rowsToDo);
    return untilNextPassMs + (passesBefore * cost.expectedMs(passRows)) / passesAtOnce + ownPassMs;
  }

  private startPasses(): void {
    const { maxRows, passesAtOnce, cost, metrics } = this.options;
    while (this.running.length < passesAtOnce) {
      const requests = this.queue.takePass(maxRows, cost);
      if (requests.length === 0) {
        break;
      }
      const nowMs = performance.now();
      const rowCount = rowCountOf(requests);
      for (const { call, queuedAtMs } of requests) {
        metrics.waited(nowMs - queuedAtMs);
        call.trace?.record('queue', queuedAtMs, nowMs);
      }
      const pass = { endsAtMs: nowMs + cost.expectedMs(rowCount), rowCount, requests };
      this.running.push(pass);
      void this.share(requests).then(() => {
        this.ended(pass);
      });
    }
    if (this.hasRoom) {
      this.whenRoom?.resolve();
      this.whenRoom = undefined;
    }
    if (this.running.length === 0) {
      this.whenIdle?.resolve();
      this.whenIdle = undefined;
    }
  }

  private ended(pass: RunningPass): void {
    this.running.splice(this.running.indexOf(pass), 1);
    this.startPasses();
  }

  /** Never rejects. A pass whose graph fails is run again in halves, until only the culprits are left to fail. */
  private async share(requests: readonly WaitingRequest[]): Promise<void> {
    try {
      const probabilities = await this.run(requests);
      const nowMs = performance.now();
      let row = 0;
      for (const { table, call, resolve, reject } of requests) {
        if (call.deadlineAtMs > nowMs) {
          resolve(probabilities.subarray(row, row + table.rowCount));
        } else {
          reject(new DeadlineExceededError());
        }
        row += table.rowCount;
      }
    } catch (error) {
      if (requests.length === 1 || error instanceof ModelNotReadyError) {
        requests.forEach(({ reject }) => {
          reject(error);
        });
        return;
      }
      const middle = Math.ceil(requests.length / 2);
      await this.shareAgain(requests.slice(0, middle));
      await this.shareAgain(requests.slice(middle));
    }
  }

  private async shareAgain(requests: readonly WaitingRequest[]): Promise<void> {
    const awaited = dropUnawaited(requests);
    if (awaited.length > 0) {
      await this.share(awaited);
    }
  }

  /** Refuses the requests whose deadline has passed, again and again until none waits. A pass that runs goes on. */
  private watchDeadlines(): void {
    this.deadlineTimer ??= setTimeout(() => {
      this.deadlineTimer = undefined;
      const nowMs = performance.now();
      this.queue.rejectExpired(nowMs);
      for (const { call, reject } of this.running.flatMap(({ requests }) => requests)) {
        if (call.deadlineAtMs <= nowMs) {
          reject(new DeadlineExceededError());
        }
      }
      if (this.running.length > 0) {
        this.watchDeadlines();
      }
    }, DEADLINE_CHECK_INTERVAL_MS).unref();
  }

  private async run(requests: readonly WaitingRequest[]): Promise<Float64Array> {
    const table = concatenateTables(requests.map((request) => request.table));
    const startedAtMs = performance.now();
    try {
      const probabilities = await this.forwardPass(table);
      this.options.metrics.passed(table.rowCount, this.observe(table.rowCount, startedAtMs));
      return probabilities;
    } finally {
      recordPass(requests, table.rowCount, startedAtMs);
    }
  }

  /** @returns how long a pass took that ends now */
  private observe(rowCount: number, startedAtMs: number): number {
    const passMs = performance.now() - startedAtMs;
    this.options.cost.observe(rowCount, passMs);
    return passMs;
  }
}

function rowCountOf(requests: readonly WaitingRequest[]): number {
  return requests.reduce((sum, { table }) => sum + table.rowCount, 0);
}

/** Refuses those whose caller has left or whose deadline has passed, and returns the others. */
function dropUnawaited(requests: readonly WaitingRequest[]): WaitingRequest[] {
  const nowMs = performance.now();
  const awaited: WaitingRequest[] = [];
  for (const request of requests) {
    const { call, reject } = request;
    if (call.closed) {
      reject(new RequestAbandonedError());
    } else if (call.deadlineAtMs <= nowMs) {
      reject(new DeadlineExceededError());
    } else {
      awaited.push(request);
    }
  }
  return awaited;
}

/** A pass that fails took its time too. */
function recordPass(requests: readonly WaitingRequest[], passRows: number, startedAtMs: number): void {
  const endedAtMs = performance.now();
  for (const { call, table } of requests) {
    call.trace?.record('inference', startedAtMs, endedAtMs, {
      request_rows: table.rowCount,
      pass_rows: passRows,
    });
  }
}
