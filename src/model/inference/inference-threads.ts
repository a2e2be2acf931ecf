import { setTimeout as delay } from 'node:timers/promises';
import type { PinoLogger } from 'nestjs-pino';
import type { ModelMetrics } from '../model.metrics.js';
import { GrowingDelay } from '../../backoff/growing-delay.js';
import type { FeatureTable } from '../feature-table.js';
import { ModelNotReadyError } from '../model.errors.js';
import type { ForwardPass, Inference, InferenceStatus } from './inference.js';
import { InferenceThread, ThreadEndedError } from './inference-thread.js';
import type { ThreadProgram } from './thread-protocol.js';

const ATTEMPTS = 2;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

export interface InferenceThreadsOptions {
  readonly threadCount: number;
  /** A pass that runs longer is taken for one that never ends. */
  readonly stallTimeoutMs: number;
  /** Ends in an error if the model does not answer on a thread as in training. */
  readonly prove: (forwardPass: ForwardPass) => Promise<unknown>;
  readonly logger: PinoLogger;
  readonly metrics: ModelMetrics;
}

/**
 * Runs forward passes on worker threads, one at a time on each, so that the event loop is free meanwhile.
 *
 * A thread that ends is replaced from the same bytes, and the pass that it owed is run once more. A thread whose pass
 * does not end can be neither interrupted nor replaced: its callers are refused, and `isStalled` says so.
 */
export class InferenceThreads implements Inference {
  private readonly idle: InferenceThread[] = [];
  private readonly threads = new Set<InferenceThread>();
  private readonly waiting: PromiseWithResolvers<InferenceThread>[] = [];
  private stalledCount = 0;
  /** Of threads that ended, and whose last replacement failed. */
  private missingCount = 0;
  private isReleased = false;

  private constructor(
    private readonly program: ThreadProgram,
    private readonly options: InferenceThreadsOptions,
  ) {}

  /**
   * Starts the threads one after the other: a session takes several times its own memory while it is made.
   *
   * @param first a thread that is proven already, if there is one
   * @throws {Error} if a thread cannot be started, or the model does not answer on it as in training
   */
  static async start(
    program: ThreadProgram,
    options: InferenceThreadsOptions,
    first?: InferenceThread,
  ): Promise<InferenceThreads> {
    const threads = new InferenceThreads(program, options);
    if (first !== undefined) {
      threads.adopt(first);
    }
    while (threads.threads.size < options.threadCount) {
      await threads.add();
    }
    return threads;
  }

  get passesAtOnce(): number {
    return this.options.threadCount;
  }

  get status(): InferenceStatus {
    if (this.stalledCount + this.missingCount < this.options.threadCount) {
      return 'available';
    }
    return this.missingCount > 0 ? 'recovering' : 'stalled';
  }

  get isStalled(): boolean {
    return this.stalledCount > 0;
  }

  /** @throws {ModelNotReadyError} if no thread can run the pass, or the pass stalls */
  async forwardPass(table: FeatureTable): Promise<Float64Array> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.runOn(await this.idleThread(), table);
      } catch (error) {
        if (!(error instanceof ThreadEndedError)) {
          throw error;
        }
        if (attempt === ATTEMPTS) {
          throw new ModelNotReadyError('recovering', { cause: error });
        }
      }
    }
  }

  /** Ends all threads but those that are stalled. */
  async release(): Promise<void> {
    this.isReleased = true;
    await Promise.all([...this.threads].filter(({ isBusy }) => !isBusy).map((thread) => thread.close()));
  }

  private async idleThread(): Promise<InferenceThread> {
    const thread = this.idle.pop();
    if (thread !== undefined) {
      return thread;
    }
    if (this.status !== 'available') {
      throw new ModelNotReadyError(this.status);
    }
    const turn = Promise.withResolvers<InferenceThread>();
    this.waiting.push(turn);
    return turn.promise;
  }

  private async runOn(thread: InferenceThread, table: FeatureTable): Promise<Float64Array> {
    const { stallTimeoutMs, logger } = this.options;
    const stall = Promise.withResolvers<never>();
    let hasStalled = false;
    const timer = setTimeout(() => {
      hasStalled = true;
      this.stalledCount++;
      logger.error({ row_count: table.rowCount, stall_timeout_ms: stallTimeoutMs }, 'a forward pass stalls');
      stall.reject(new ModelNotReadyError('stalled'));
      this.refuseWaitingIfUnavailable();
    }, stallTimeoutMs);
    const pass = thread.forwardPass(table).finally(() => {
      clearTimeout(timer);
      if (hasStalled) {
        this.stalledCount--;
        logger.warn('a forward pass that stalled has ended');
      }
      this.offer(thread);
    });
    return Promise.race([pass, stall.promise]);
  }

  /** Gives a thread that has nothing to do to who waits for one. */
  private offer(thread: InferenceThread): void {
    if (!thread.isAlive) {
      return;
    }
    const turn = this.waiting.shift();
    if (turn === undefined) {
      this.idle.push(thread);
    } else {
      turn.resolve(thread);
    }
  }

  private async add(): Promise<void> {
    const thread = await InferenceThread.start(this.program);
    try {
      await this.options.prove((table) => thread.forwardPass(table));
    } catch (error) {
      await thread.close();
      throw error;
    }
    this.adopt(thread);
  }

  private adopt(thread: InferenceThread): void {
    this.threads.add(thread);
    void thread.ended.then((error) => this.replace(thread, error));
    this.offer(thread);
  }

  private async replace(lost: InferenceThread, error: ThreadEndedError): Promise<void> {
    const { logger, metrics } = this.options;
    this.threads.delete(lost);
    const index = this.idle.indexOf(lost);
    if (index !== -1) {
      this.idle.splice(index, 1);
    }
    if (!this.isReleased) {
      logger.error({ err: error }, 'an inference thread ended and is replaced');
    }
    const retryDelay = new GrowingDelay(FIRST_RETRY_MS, LONGEST_RETRY_MS);
    while (!this.isReleased) {
      try {
        await this.add();
        metrics.threadRestarted();
        logger.info('the inference thread is replaced');
        return;
      } catch (failure) {
        const retryMs = retryDelay.afterFailure();
        logger.error({ err: failure, retry_ms: retryMs }, 'no thread can be started for the one that ended');
        this.missingCount++;
        this.refuseWaitingIfUnavailable();
        await delay(retryMs);
        this.missingCount--;
      }
    }
  }

  private refuseWaitingIfUnavailable(): void {
    if (this.status !== 'available') {
      for (const turn of this.waiting.splice(0)) {
        turn.reject(new ModelNotReadyError(this.status));
      }
    }
  }
}
