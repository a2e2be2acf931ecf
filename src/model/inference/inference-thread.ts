import { Worker } from 'node:worker_threads';
import { ModelLoadError } from '../../bundle/model-load-error.js';
import type { FeatureTable } from '../feature-table.js';
import type { ThreadAnswer, ThreadOrder, ThreadProgram } from './thread-protocol.js';

const ENTRY = new URL('./inference-thread.entry.js', import.meta.url);

/** Threads at work. Node would wait for their passes, for ever if one never ends, and then onnxruntime would abort. */
const busyThreads = new Set<InferenceThread>();
process.on('exit', () => {
  if (busyThreads.size > 0) {
    process.kill(process.pid, 'SIGKILL');
  }
});

/** The thread ended before it answered. */
export class ThreadEndedError extends Error {
  override readonly name = 'ThreadEndedError';
}

/**
 * A worker thread with a session of its own.
 *
 * It is never terminated: onnxruntime aborts the process if a thread ends during a pass.
 */
export class InferenceThread {
  private alive = true;
  private failure: unknown;
  private awaited: PromiseWithResolvers<ThreadAnswer> | undefined;
  private readonly end = Promise.withResolvers<ThreadEndedError>();

  private constructor(private readonly worker: Worker) {
    worker.on('message', (answer: ThreadAnswer) => this.awaited?.resolve(answer));
    worker.on('error', (error) => {
      this.failure = error;
    });
    worker.on('exit', (code) => {
      this.alive = false;
      const error = new ThreadEndedError(`An inference thread ended with code ${code}.`, {
        cause: this.failure,
      });
      this.awaited?.reject(error);
      this.end.resolve(error);
    });
  }

  /**
   * @throws {ModelLoadError} if the thread cannot load the model
   * @throws {ThreadEndedError} if it ends meanwhile
   */
  static async start(program: ThreadProgram): Promise<InferenceThread> {
    const thread = new InferenceThread(new Worker(ENTRY, { workerData: program }));
    const answer = await thread.answer();
    if (answer.kind === 'refused') {
      throw new ModelLoadError(answer.fault, { cause: await thread.ended });
    }
    return thread;
  }

  /** Resolves when the thread has ended, for whatever reason. */
  get ended(): Promise<ThreadEndedError> {
    return this.end.promise;
  }

  get isAlive(): boolean {
    return this.alive;
  }

  get isBusy(): boolean {
    return busyThreads.has(this);
  }

  /**
   * Runs one pass, which must be the only one of this thread.
   *
   * @throws {ThreadEndedError} if the thread ended before it answered
   * @throws {Error} if the graph failed
   */
  async forwardPass(table: FeatureTable): Promise<Float64Array> {
    if (!this.alive) {
      throw await this.ended;
    }
    this.order({ kind: 'pass', table });
    const answer = await this.answer();
    if (answer.kind !== 'probabilities') {
      throw new Error(answer.kind === 'failure' ? answer.message : `The thread answered ${answer.kind}.`);
    }
    return answer.probabilities;
  }

  /** Frees the session and ends the thread, which must be idle. */
  async close(): Promise<void> {
    this.order({ kind: 'close' });
    await this.ended;
  }

  private order(order: ThreadOrder): void {
    this.worker.postMessage(order);
  }

  private async answer(): Promise<ThreadAnswer> {
    this.awaited = Promise.withResolvers();
    busyThreads.add(this);
    try {
      return await this.awaited.promise;
    } finally {
      busyThreads.delete(this);
    }
  }
}
