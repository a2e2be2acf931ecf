import { createBirpc } from 'birpc';
import {
  HEARTBEATS_PER_STALL,
  type MetricsSnapshot,
  SUPERVISOR_ANSWER_MS,
  type SupervisorCalls,
  type WorkerCalls,
} from './supervisor-protocol.js';

/** What a supervisor wants of its workers. */
export interface WorkerDuties {
  readonly stallTimeoutMs: number;
  readonly isStalled: () => boolean;
  readonly calls: WorkerCalls;
}

/** What a worker tells and asks its supervisor. */
export interface SupervisorLink {
  /** @param summary of what is served, for people */
  serves(summary: string): void;
  /** Those of all processes, in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Resolves when the supervisor has them, or does not answer. */
  lastMetrics(snapshot: MetricsSnapshot): Promise<void>;
}

/** Tells the supervisor, again and again, that this process is alive, and does what it asks. */
export function obeySupervisor({ stallTimeoutMs, isStalled, calls }: WorkerDuties): SupervisorLink {
  const supervisor = createBirpc<SupervisorCalls, WorkerCalls>(calls, {
    timeout: SUPERVISOR_ANSWER_MS,
    post: (message) => process.send?.(message),
    on: (listener) => process.on('message', listener),
  });
  setInterval(() => {
    if (!isStalled()) {
      void supervisor.heartbeat.asEvent();
    }
  }, stallTimeoutMs / HEARTBEATS_PER_STALL).unref();
  void supervisor.wantsApiKeys.asEvent();
  return {
    serves: (summary) => void supervisor.serves.asEvent(summary),
    metrics: () => supervisor.metrics(),
    lastMetrics: (snapshot) => supervisor.lastMetrics(snapshot).catch(() => undefined),
  };
}
