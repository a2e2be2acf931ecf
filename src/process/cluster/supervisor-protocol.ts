import type { Registry } from 'prom-client';
import type { Contract } from '../../bundle/contract.js';
import type { CountsInWindow } from '../../instruments/count-history.js';

/** The metrics of one process since it began. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** A caller's key, as far as it is known: its name, and the digest of the key. */
export interface ApiKeyRecord {
  readonly name: string;
  readonly digest: string;
}

/** The calls of a worker to its supervisor. */
export interface SupervisorCalls {
  /** Says that the worker is alive. */
  heartbeat(): void;
  /** Asks for the API keys. The supervisor answers by `useApiKeys`. */
  wantsApiKeys(): void;
  /** Asks for the contract that callers know: that of the first worker that asked, which is about to listen. */
  claimContract(own: Contract): Contract;
  /** Says that the worker listens. @param summary of what it serves, for people */
  serves(summary: string): void;
  /** @returns the metrics of all processes together, in Prometheus' text format */
  metrics(): Promise<string>;
  /** @returns what all processes together counted in each of these windows, which end now */
  countsSince(windowsMs: readonly number[]): Promise<readonly CountsInWindow[]>;
  /** Hands over the last metrics of a worker that ends. */
  lastMetrics(snapshot: MetricsSnapshot): void;
}

/** The calls of a supervisor to its workers. */
export interface WorkerCalls {
  /** Says that another worker serves in its place, so that it should finish and end. */
  retire(): void;
  metrics(): Promise<MetricsSnapshot>;
  /** Gives the API keys that callers may use from now on. */
  useApiKeys(keys: readonly ApiKeyRecord[]): void;
}

/** Heartbeats in STALL_TIMEOUT_MS. */
export const HEARTBEATS_PER_STALL = 4;

/** A worker that does not answer by then is busy. Its earlier metrics count. */
export const WORKER_ANSWER_MS = 1000;

/** The supervisor waits for its workers. */
export const SUPERVISOR_ANSWER_MS = 2 * WORKER_ANSWER_MS;
