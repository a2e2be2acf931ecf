import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { HEARTBEAT, HEARTBEATS_PER_STALL, RETIRE } from './supervisor-protocol.js';
import { passOnUnclaimedConnections } from './unclaimed-connections.js';

/** Loading and proving a large model takes a while, in which the event loop stands still. */
const LONGEST_START_MS = 300_000;

/** One process that serves, as its supervisor sees it. */
export class SupervisedWorker {
  private readyAtMs: number | undefined;
  private missedHeartbeats = 0;
  private readonly worker: Worker;
  /** Resolves when it listens, with its model proven; rejects if it ends without. */
  readonly ready: Promise<void>;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;

  /** @param onStall called when it is killed because it gave no sign of life */
  constructor(
    stallTimeoutMs: number,
    private readonly onStall: (worker: SupervisedWorker) => void,
  ) {
    this.worker = cluster.fork();
    passOnUnclaimedConnections(this.worker);
    this.ended = once(this.worker, 'exit').then(([code, signal]) =>
      signal === null ? `with code ${String(code)}` : `by ${String(signal)}`,
    );
    this.ready = Promise.race([
      once(this.worker, 'listening'),
      this.ended.then((how) => {
        throw new Error(`It ended ${how} before it was ready; its own line says why.`);
      }),
    ]).then(() => {
      this.readyAtMs = performance.now();
      this.missedHeartbeats = 0;
    });
    this.ready.catch(() => undefined);
    this.worker.on('message', (message) => {
      if (message === HEARTBEAT) {
        this.missedHeartbeats = 0;
      }
    });
    this.watch(stallTimeoutMs);
  }

  get pid(): number | undefined {
    return this.worker.process.pid;
  }

  get isReady(): boolean {
    return this.readyAtMs !== undefined && !this.worker.isDead();
  }

  /** How long it was, or has been, ready. */
  get readyForMs(): number {
    return this.readyAtMs === undefined ? 0 : performance.now() - this.readyAtMs;
  }

  /** Has it answer what is in flight and end, as on this signal. */
  drain(signal: NodeJS.Signals): void {
    this.worker.process.kill(signal);
  }

  /** Has it take no new connection, answer what comes on the open ones until they close, and end. */
  retire(): void {
    if (this.isReady) {
      this.worker.send(RETIRE);
    } else {
      this.drain('SIGINT');
    }
  }

  /** Has it read again what it reads on a signal, as soon as it is ready: before, the signal would end it. */
  hangUp(): void {
    void this.ready.then(
      () => this.worker.process.kill('SIGHUP'),
      () => undefined,
    );
  }

  kill(): void {
    this.worker.process.kill('SIGKILL');
  }

  /** It counts its own ticks, not the time: after a sleep of the whole machine none is missed. */
  private watch(stallTimeoutMs: number): void {
    const tickMs = stallTimeoutMs / HEARTBEATS_PER_STALL;
    const ticker = setInterval(() => {
      this.missedHeartbeats++;
      const longestMs = this.isReady ? stallTimeoutMs : LONGEST_START_MS;
      if (this.missedHeartbeats * tickMs > longestMs) {
        this.onStall(this);
        this.kill();
        clearInterval(ticker);
      }
    }, tickMs);
    void this.ended.then(() => {
      clearInterval(ticker);
    });
  }
}
