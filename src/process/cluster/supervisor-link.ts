import { type BirpcReturn, createBirpc } from 'birpc';
import type { Registry } from 'prom-client';
import type { Contract } from '../../bundle/contract.js';
import { contractDifferences, differencesInWords } from '../../bundle/contract-difference.js';
import type { CountsInWindow } from '../../instruments/count-history.js';
import { ModelLoadError } from '../../bundle/model-load-error.js';
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

  /**
   * Holds the model to the contract that callers know. From now on the worker has to listen.
   *
   * @throws {ModelLoadError} that lists the differences
   */
  async requireSameContract(contract: Contract, path: string): Promise<void> {
    const differences = contractDifferences(await this.supervisor.claimContract(contract), contract);
    if (differences.length > 0) {
      throw new ModelLoadError({
        problem: 'The model has another contract than the one that is served',
        where: path,
        expected: 'the same features, types, bounds and categories',
        found: differencesInWords(differences),
        remedy: 'deploy the model as a new service, or put back the bundle that was served',
      });
    }
  }

  /** Says that this process listens. @param summary of what it serves, for people */
  serves(summary: string): void {
    void this.supervisor.serves.asEvent(summary);
  }

  /** @returns the metrics of all processes together, in Prometheus' text format */
  async metrics(): Promise<string> {
    return this.supervisor.metrics();
  }

  /** @returns what all processes together counted in each of these windows, which end now */
  async since(windowsMs: readonly number[]): Promise<readonly CountsInWindow[]> {
    return this.supervisor.countsSince(windowsMs);
  }

  /** Hands over the last metrics of this process. Resolves when the supervisor has them, or does not answer. */
  async sendLastMetrics(): Promise<void> {
    const snapshot = await this.options.registry.getMetricsAsJSON();
    await this.supervisor.lastMetrics(snapshot).catch(() => undefined);
  }
}
