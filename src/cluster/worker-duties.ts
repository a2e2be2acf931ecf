import { HEARTBEAT, HEARTBEATS_PER_STALL, RETIRE } from './supervisor-protocol.js';

/** What a supervisor wants of its workers. */
export interface WorkerDuties {
  readonly stallTimeoutMs: number;
  readonly isStalled: () => boolean;
  readonly retire: () => void;
}

/** Tells the supervisor, again and again, that this process is alive, and obeys when it is to retire. */
export function obeySupervisor({ stallTimeoutMs, isStalled, retire }: WorkerDuties): void {
  setInterval(() => {
    if (!isStalled()) {
      process.send?.(HEARTBEAT);
    }
  }, stallTimeoutMs / HEARTBEATS_PER_STALL).unref();
  process.on('message', (message) => {
    if (message === RETIRE) {
      retire();
    }
  });
}
