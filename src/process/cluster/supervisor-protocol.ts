import type { Registry } from 'prom-client';

/** What a process has counted and measured since it began. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** A caller's key, as far as it is known: its name, and the digest of the key. */
export interface ApiKeyRecord {
  readonly name: string;
  readonly digest: string;
}

/** What a worker calls in its supervisor. */
export interface SupervisorCalls {
  /** Says that the worker is alive. */
  heartbeat(): void;
  /** Has the worker given the API keys. */
  wantsApiKeys(): void;
  /** Says that the worker listens. @param summary of what it serves, for people */
  serves(summary: string): void;
  /** @returns the metrics of all processes together, in Prometheus' text format */
  metrics(): Promise<string>;
  /** Hands over the last of a worker that ends. */
  lastMetrics(snapshot: MetricsSnapshot): void;
}

/** What a supervisor calls in its workers. */
export interface WorkerCalls {
  /** Says that another serves in its place, so that it should finish and end. */
  retire(): void;
  metrics(): Promise<MetricsSnapshot>;
  /** Has these API keys, and no others, let callers in. */
  useApiKeys(keys: readonly ApiKeyRecord[]): void;
}

/** Heartbeats in STALL_TIMEOUT_MS. */
export const HEARTBEATS_PER_STALL = 4;

/** A worker that does not answer by then is busy, and counts with what it had counted before. */
export const WORKER_ANSWER_MS = 1000;

/** The supervisor waits for its workers. */
export const SUPERVISOR_ANSWER_MS = 2 * WORKER_ANSWER_MS;
