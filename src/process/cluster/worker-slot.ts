import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { GrowingDelay } from '../../backoff/growing-delay.js';
import type { CountsInWindow } from '../../instruments/count-history.js';
import type { FleetMetrics } from './fleet-metrics.js';
import { type ServedContract, SupervisedWorker } from './supervised-worker.js';
import type { ApiKeyRecord } from './supervisor-protocol.js';

/** A worker that was ready for this long did not fail because of how it started. */
const STABLE_AFTER_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;

export interface WorkerSlotOptions {
  readonly stallTimeoutMs: number;
  readonly apiKeys: () => readonly ApiKeyRecord[];
  readonly contract: ServedContract;
  readonly logger: Logger;
  readonly metrics: FleetMetrics;
  readonly metricsOfAll: () => Promise<string>;
  readonly countsSince: (windowsMs: readonly number[]) => Promise<readonly CountsInWindow[]>;
  /** Whether any slot has a worker that takes new connections. */
  readonly isAnyListening: () => boolean;
  /** Called when a worker did not become ready. */
  readonly onFailedStart: () => void;
}

/** A place that always has a worker: one that ends is replaced, with growing delays if it fails again and again. */
export class WorkerSlot {
  private worker: SupervisedWorker | undefined;
  private readonly living = new Set<SupervisedWorker>();
  private readonly retryDelay = new GrowingDelay(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  private lastStartFailed = true;
  private isClosed = false;

  constructor(private readonly options: WorkerSlotOptions) {}

  get isListening(): boolean {
    return [...this.living].some(({ isListening }) => isListening);
  }

  private get isReady(): boolean {
    return this.worker?.isReady ?? false;
  }

  /** Whether it has no ready worker, and the last attempt to start one failed or none was made. */
  get hasFailed(): boolean {
    return !this.isReady && this.lastStartFailed;
  }

  /** Includes workers that will be replaced, and serve until then. */
  get readyWorkers(): readonly SupervisedWorker[] {
    return [...this.living].filter(({ isReady }) => isReady);
  }

  /**
   * Puts the first worker in.
   *
   * @returns a summary of what it serves, when it is ready
   * @throws {Error} if it cannot be made ready, or the slot drains
   */
  async open(): Promise<string> {
    if (this.isClosed) {
      throw new Error('The service ends.');
    }
    this.lastStartFailed = false;
    this.worker = this.fork();
    return this.worker.ready;
  }

  /**
   * Puts a new worker in the place of the present one, which serves until the new one is ready. A slot that drains does
   * nothing.
   *
   * @throws {Error} if the new one cannot be made ready; the present one stays
   */
  async replace(): Promise<void> {
    if (this.isClosed) {
      return;
    }
    const next = this.fork();
    await next.ready;
    const previous = this.worker;
    this.worker = next;
    this.retryDelay.reset();
    previous?.retire();
  }

  /** Gives API keys to all its workers, the ones included that are to be replaced. */
  async useApiKeys(keys: readonly ApiKeyRecord[]): Promise<void> {
    await Promise.all([...this.living].map((worker) => worker.useApiKeys(keys)));
  }

  /** Lets all its workers finish as on this signal, and resolves when they have ended. */
  async drain(signal: NodeJS.Signals): Promise<void> {
    this.isClosed = true;
    this.living.forEach((worker) => {
      worker.drain(signal);
    });
    await Promise.all([...this.living].map(({ ended }) => ended));
  }

  kill(): void {
    this.isClosed = true;
    this.living.forEach((worker) => {
      worker.kill();
    });
  }

  private fork(): SupervisedWorker {
    const { stallTimeoutMs, apiKeys, contract, logger, metrics, metricsOfAll, countsSince, isAnyListening } =
      this.options;
    const worker = new SupervisedWorker({
      stallTimeoutMs,
      apiKeys,
      contract,
      metricsOfAll,
      countsSince,
      isAnyListening,
      onStall: ({ pid }) => {
        logger.error(
          { worker_pid: pid, stall_timeout_ms: stallTimeoutMs },
          'a worker gives no sign of life and is killed',
        );
      },
      onLastMetrics: (last, snapshot) => {
        metrics.finish(last, snapshot);
      },
    });
    this.living.add(worker);
    void worker.ended.then((how) => this.fill(worker, how));
    return worker;
  }

  /** Replaces the worker of this slot that has ended, if it was not retired. */
  private async fill(ended: SupervisedWorker, how: string): Promise<void> {
    const endedAtMs = performance.now();
    this.living.delete(ended);
    this.options.metrics.retain(ended);
    if (this.isClosed || ended !== this.worker) {
      return;
    }
    const { logger, metrics, isAnyListening, onFailedStart } = this.options;
    this.worker = undefined;
    const wasStable = ended.readyForMs >= STABLE_AFTER_MS;
    if (wasStable) {
      this.retryDelay.reset();
    }
    this.lastStartFailed = ended.readyForMs === 0;
    if (this.lastStartFailed) {
      onFailedStart();
    }
    if (!this.isVacant()) {
      return;
    }
    const delayMs = wasStable ? 0 : this.retryDelay.afterFailure();
    const retryMs = isAnyListening() ? delayMs : 0;
    metrics.restarted();
    logger.error({ worker_pid: ended.pid, retry_ms: retryMs }, `a worker ended ${how} and is replaced`);
    await delay(retryMs);
    if (this.isVacant()) {
      const next = this.fork();
      this.worker = next;
      await this.report(next, endedAtMs);
    }
  }

  private async report(next: SupervisedWorker, vacantSinceMs: number): Promise<void> {
    try {
      await next.ready;
    } catch {
      // Another line says that it ended.
      return;
    }
    const readyMs = Math.round(performance.now() - vacantSinceMs);
    this.options.logger.info({ worker_pid: next.pid, ready_ms: readyMs }, 'the worker is replaced');
  }

  private isVacant(): boolean {
    return !this.isClosed && this.worker === undefined;
  }
}
