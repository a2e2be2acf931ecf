import { type BirpcReturn, createBirpc } from 'birpc';
import type { Registry } from 'prom-client';
import {
  type ApiKeyRecord,
  HEARTBEATS_PER_STALL,
  SUPERVISOR_ANSWER_MS,
  type SupervisorCalls,
  type WorkerCalls,
} from './supervisor-protocol.js';

export interface SupervisorLinkOptions {
  readonly stallTimeoutMs: number;
  /** Of this process. */
  readonly registry: Registry;
  readonly useApiKeys: (keys: readonly ApiKeyRecord[]) => void;
}

/** A worker's end of the channel to its supervisor. */
export class SupervisorLink {
  /** Resolves when the supervisor has given the API keys for the first time. */
  readonly apiKeysGiven: Promise<void>;
  /** Resolves when another worker serves in place of this one, so that this one should finish and end. */
  readonly retired: Promise<void>;
  private readonly supervisor: BirpcReturn<SupervisorCalls, WorkerCalls>;

  constructor(private readonly options: SupervisorLinkOptions) {
    const apiKeysGiven = Promise.withResolvers<undefined>();
    const retired = Promise.withResolvers<undefined>();
    this.apiKeysGiven = apiKeysGiven.promise;
    this.retired = retired.promise;
    this.supervisor = createBirpc<SupervisorCalls, WorkerCalls>(
      {
        metrics: () => options.registry.getMetricsAsJSON(),
        retire: () => {
          retired.resolve(undefined);
        },
        useApiKeys: (keys) => {
          options.useApiKeys(keys);
          apiKeysGiven.resolve(undefined);
        },
      },
      {
        timeout: SUPERVISOR_ANSWER_MS,
        post: (message) => process.send?.(message),
        on: (listener) => process.on('message', listener),
      },
    );
    void this.supervisor.wantsApiKeys.asEvent();
  }

  /** Tells the supervisor at intervals that this process is alive, unless it is stalled. */
  sendHeartbeats(isStalled: () => boolean): void {
    setInterval(() => {
      if (!isStalled()) {
        void this.supervisor.heartbeat.asEvent();
      }
    }, this.options.stallTimeoutMs / HEARTBEATS_PER_STALL).unref();
  }

  /** Says that this process listens. @param summary of what it serves, for people */
  serves(summary: string): void {
    void this.supervisor.serves.asEvent(summary);
  }

  /** @returns the metrics of all processes together, in Prometheus' text format */
  async metrics(): Promise<string> {
    return this.supervisor.metrics();
  }

  /** Hands over the last metrics of this process. Resolves when the supervisor has them, or does not answer. */
  async sendLastMetrics(): Promise<void> {
    const snapshot = await this.options.registry.getMetricsAsJSON();
    await this.supervisor.lastMetrics(snapshot).catch(() => undefined);
  }
}
