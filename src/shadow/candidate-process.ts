import { type ChildProcess, fork } from 'node:child_process';
import { GrowingDelay } from '../backoff/growing-delay.js';
import type { FeatureTable } from '../model/feature-table.js';
import type { CandidateAnswer, CandidateOrder } from './candidate-protocol.js';

const ENTRY = new URL('./candidate.entry.js', import.meta.url);
const FIRST_RESTART_MS = 1000;
const LONGEST_RESTART_MS = 60_000;
/** A large model takes seconds to load, and on a busy machine the service has the processor. */
const LONGEST_START_MS = 300_000;

export interface CandidateProcessOptions {
  readonly modelPath: string;
  /** Of the bundle that the service has read. */
  readonly digest: string;
  readonly allowUnverified: boolean;
  /** A candidate that answers nothing for so long is killed. */
  readonly stallTimeoutMs: number;
  readonly onReady: () => void;
  /** Called when the candidate is refused, or its process is lost. @param restartMs until the next attempt, if there is one */
  readonly onLost: (reason: string, restartMs: number | undefined) => void;
}

export const CANDIDATE_STATES = ['starting', 'ready', 'restarting', 'refused'] as const;

export type CandidateState = (typeof CANDIDATE_STATES)[number];

/** The rows were not scored. */
export class CandidateError extends Error {
  override readonly name = 'CandidateError';
}

/**
 * A process in which the candidate runs. Whatever the candidate does there (stall, crash, take all memory), the service can
 * kill it and go on, which it cannot do with a thread.
 */
export class CandidateProcess {
  private child: ChildProcess | undefined;
  private currentState: CandidateState = 'starting';
  private awaited: PromiseWithResolvers<CandidateAnswer> | undefined;
  private readonly restartDelay = new GrowingDelay(FIRST_RESTART_MS, LONGEST_RESTART_MS);
  private isEnding = false;

  constructor(private readonly options: CandidateProcessOptions) {
    this.start();
  }

  get state(): CandidateState {
    return this.currentState;
  }

  /**
   * Has the rows scored, which must be the only ones of the moment.
   *
   * @throws {CandidateError} if the graph fails, or the process ends or stalls first
   */
  async score(table: FeatureTable): Promise<{ probabilities: Float64Array; passMs: number }> {
    if (this.currentState !== 'ready') {
      throw new CandidateError(`The candidate is ${this.currentState}.`);
    }
    const awaited = Promise.withResolvers<CandidateAnswer>();
    this.awaited = awaited;
    const order: CandidateOrder = { table };
    this.child?.send(order, () => undefined);
    const { stallTimeoutMs } = this.options;
    const stall = setTimeout(() => {
      this.lose(`it has scored nothing for ${stallTimeoutMs} ms`);
    }, stallTimeoutMs);
    const answer = await awaited.promise.finally(() => {
      clearTimeout(stall);
    });
    if (answer.kind !== 'scores') {
      throw new CandidateError(answer.kind === 'ready' ? 'The candidate was not asked.' : answer.reason);
    }
    this.restartDelay.reset();
    return answer;
  }

  end(): void {
    this.isEnding = true;
    this.lose('the service ends');
  }

  private start(): void {
    const { modelPath, digest, allowUnverified } = this.options;
    this.currentState = 'starting';
    const child = fork(ENTRY, [modelPath, digest, String(allowUnverified)], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child = child;
    const startTimer = setTimeout(() => {
      this.loseChild(child, `it is not ready after ${LONGEST_START_MS} ms`);
    }, LONGEST_START_MS).unref();
    child.on('message', (answer: CandidateAnswer) => {
      clearTimeout(startTimer);
      if (child === this.child) {
        this.hear(answer);
      }
    });
    child.once('error', ({ message }) => {
      this.loseChild(child, message);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(startTimer);
      this.loseChild(child, `its process ended (${signal ?? `exit code ${code ?? 'unknown'}`})`);
    });
  }

  private hear(answer: CandidateAnswer): void {
    switch (answer.kind) {
      case 'ready':
        this.currentState = 'ready';
        this.options.onReady();
        break;
      case 'refused':
        this.refuse(answer.reason);
        break;
      default:
        this.awaited?.resolve(answer);
    }
  }

  private refuse(reason: string): void {
    this.isEnding = true;
    this.lose(reason);
    this.currentState = 'refused';
    this.options.onLost(reason, undefined);
  }

  private loseChild(child: ChildProcess, reason: string): void {
    if (child === this.child) {
      this.lose(reason);
    }
  }

  /** Kills the process, and starts another one unless the service ends. */
  private lose(reason: string): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.currentState = 'restarting';
    this.awaited?.resolve({ kind: 'failure', reason });
    if (this.isEnding) {
      return;
    }
    const restartMs = this.restartDelay.afterFailure();
    this.options.onLost(reason, restartMs);
    setTimeout(() => {
      if (!this.isEnding) {
        this.start();
      }
    }, restartMs).unref();
  }
}
