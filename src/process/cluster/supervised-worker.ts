import type { Serializable } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import { type BirpcReturn, createBirpc } from 'birpc';
import type { Contract } from '../../bundle/contract.js';
import type { CountsInWindow } from '../../instruments/count-history.js';
import {
  type ApiKeyRecord,
  HEARTBEATS_PER_STALL,
  type MetricsSnapshot,
  type SupervisorCalls,
  WORKER_ANSWER_MS,
  type WorkerCalls,
} from './supervisor-protocol.js';
import { passOnUnclaimedConnections } from './unclaimed-connections.js';

/** Loading and proving a large model takes a while, in which the event loop stands still. */
const LONGEST_START_MS = 300_000;

export interface SupervisedWorkerOptions {
  readonly stallTimeoutMs: number;
  /** The API keys that are known now. */
  readonly apiKeys: () => readonly ApiKeyRecord[];
  /** Called when it is killed because it gave no sign of life. */
  readonly onStall: (worker: SupervisedWorker) => void;
  /** Answers a scrape that it was sent. */
  readonly metricsOfAll: () => Promise<string>;
  readonly countsSince: (windowsMs: readonly number[]) => Promise<readonly CountsInWindow[]>;
  readonly onLastMetrics: (worker: SupervisedWorker, snapshot: MetricsSnapshot) => void;
  /** The contract that callers know, once a worker serves. */
  readonly contract: ServedContract;
  /** Whether any worker takes new connections. */
  readonly isAnyListening: () => boolean;
}

/** Shared by all workers. */
export interface ServedContract {
  served: Contract | undefined;
}

/** Resolves with how it ended. The system may have no process or file descriptor left to start it with. */
async function endOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.once('exit', (code: number, signal: string | null) => {
      resolve(signal === null ? `with code ${code}` : `by ${signal}`);
    });
    worker.on('error', ({ message }) => {
      if (worker.process.pid === undefined) {
        resolve(`before it began (${message})`);
      }
    });
  });
}

/** One process that serves, as its supervisor sees it. */
export class SupervisedWorker {
  private readyAtMs: number | undefined;
  private missedHeartbeats = 0;
  private isLeaving = false;
  private readonly worker: Worker;
  private readonly calls: BirpcReturn<WorkerCalls, SupervisorCalls>;
  private readonly serving = Promise.withResolvers<string>();
  /** Resolves when it listens, with a summary of what it serves. Rejects if it ends before. */
  readonly ready: Promise<string>;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;

  constructor(private readonly options: SupervisedWorkerOptions) {
    this.worker = cluster.fork();
    this.calls = this.listen();
    passOnUnclaimedConnections(this.worker, options.isAnyListening);
    this.ended = endOf(this.worker);
    this.ready = Promise.race([
      this.serving.promise,
      this.ended.then((how) => {
        throw new Error(`It ended ${how} before it was ready; its log line says why.`);
      }),
    ]).then((summary) => {
      this.readyAtMs = performance.now();
      this.missedHeartbeats = 0;
      return summary;
    });
    this.ready.catch(() => undefined);
    this.watch();
  }

  get pid(): number | undefined {
    return this.worker.process.pid;
  }

  get isReady(): boolean {
    return this.readyAtMs !== undefined && !this.worker.isDead();
  }

  /** Whether it takes new connections. */
  get isListening(): boolean {
    return this.readyAtMs !== undefined && !this.isLeaving && this.worker.isConnected();
  }

  /** How long it was, or has been, ready. */
  get readyForMs(): number {
    return this.readyAtMs === undefined ? 0 : performance.now() - this.readyAtMs;
  }

  /** Tells it to answer the requests in flight and end, as on this signal. */
  drain(signal: NodeJS.Signals): void {
    this.isLeaving = true;
    this.worker.process.kill(signal);
  }

  /** Tells it to take no new connection, to answer on the open ones until they close, and then to end. */
  retire(): void {
    if (this.isReady) {
      this.isLeaving = true;
      void this.calls.retire.asEvent();
    } else {
      this.drain('SIGINT');
    }
  }

  /** Gives it the API keys that callers may use from now on. Resolves when it uses them, if it is ready and answers in time. */
  async useApiKeys(keys: readonly ApiKeyRecord[]): Promise<void> {
    const given = this.isReady ? this.calls.useApiKeys(keys) : this.calls.useApiKeys.asEvent(keys);
    // It is busy, and takes them as soon as it can, or it has ended.
    await given.catch(() => undefined);
  }

  /** Its metrics. Rejects if it does not answer in time. */
  async metrics(): Promise<MetricsSnapshot> {
    return this.calls.metrics();
  }

  kill(): void {
    this.worker.process.kill('SIGKILL');
  }

  private listen(): BirpcReturn<WorkerCalls, SupervisorCalls> {
    const { apiKeys, contract, metricsOfAll, countsSince, onLastMetrics } = this.options;
    return createBirpc<WorkerCalls, SupervisorCalls>(
      {
        heartbeat: () => {
          this.missedHeartbeats = 0;
        },
        wantsApiKeys: () => void this.useApiKeys(apiKeys()),
        claimContract: (own) => (contract.served ??= own),
        serves: this.serving.resolve,
        metrics: metricsOfAll,
        countsSince,
        lastMetrics: (snapshot) => {
          onLastMetrics(this, snapshot);
        },
      },
      {
        timeout: WORKER_ANSWER_MS,
        // A worker that ends meanwhile is seen to end.
        post: (message: Serializable) =>
          this.worker.isConnected() && this.worker.send(message, undefined, () => undefined),
        on: (listener) => this.worker.on('message', listener),
      },
    );
  }

  /** It counts its own ticks, not the time: after a sleep of the whole machine none is missed. */
  private watch(): void {
    const { stallTimeoutMs, onStall } = this.options;
    const tickMs = stallTimeoutMs / HEARTBEATS_PER_STALL;
    const ticker = setInterval(() => {
      this.missedHeartbeats++;
      const longestMs = this.isReady ? stallTimeoutMs : LONGEST_START_MS;
      if (this.missedHeartbeats * tickMs > longestMs) {
        onStall(this);
        this.kill();
        clearInterval(ticker);
      }
    }, tickMs);
    void this.ended.then(() => {
      clearInterval(ticker);
    });
  }
}
