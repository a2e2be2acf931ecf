import { setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Log } from '../../log/logger.js';
import type { Settings } from '../../config/settings.js';
import type { CountsInWindow } from '../../instruments/count-history.js';
import { FleetMetrics } from './fleet-metrics.js';
import type { ApiKeyRecord, MetricsSnapshot } from './supervisor-protocol.js';
import type { SupervisedWorker } from './supervised-worker.js';
import { WorkerSlot } from './worker-slot.js';

/** Time that workers have to end beyond SHUTDOWN_DELAY_MS and SHUTDOWN_TIMEOUT_MS. */
const DRAIN_GRACE_MS = 5000;

/** The API keys, as they were read last. */
interface ApiKeySource {
  readonly known: readonly ApiKeyRecord[];
  /** Reads them again, and has them used. Never rejects. */
  renew(use: (keys: readonly ApiKeyRecord[]) => Promise<unknown>): Promise<void>;
}

/** Tells what was counted over time. */
interface CountsOverTime {
  since(windowsMs: readonly number[]): Promise<readonly CountsInWindow[]>;
}

/**
 * Runs worker processes behind one port, as many as there are slots, until a signal ends them.
 *
 * SIGTERM and SIGINT drain all of them; a second one kills them. SIGHUP gives all of them the API keys as they are now, and
 * replaces them one by one, so that they serve the model file as it is now. It gives up when no worker is ready and each start failed.
 */
export class Supervisor {
  private readonly slots: WorkerSlot[] = [];
  private isEnding = false;
  private isReplacing = false;
  private isReplacingWanted = false;

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly registry: Registry,
    private readonly apiKeys: ApiKeySource,
    private readonly recordCounts: (metrics: () => Promise<MetricsSnapshot>) => CountsOverTime,
  ) {}

  /** The first worker is ready before the others start, so that a bad model fails once. */
  async start(workerCount: number): Promise<void> {
    const { logger } = this.log;
    const { stallTimeoutMs } = this.settings;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => void this.end(signal));
    }
    process.on('SIGHUP', () => {
      // A removed key is gone at once, even if the new workers fail.
      void this.apiKeys.renew((keys) => Promise.all(this.slots.map((slot) => slot.useApiKeys(keys))));
      void this.replaceAll();
    });
    const contract = { served: undefined };
    const metrics = new FleetMetrics(this.registry);
    const readyWorkers = (): SupervisedWorker[] => this.slots.flatMap((slot) => slot.readyWorkers);
    const counts = this.recordCounts(() => metrics.snapshot(readyWorkers()));
    for (let slot = 0; slot < workerCount; slot++) {
      this.slots.push(
        new WorkerSlot({
          stallTimeoutMs,
          apiKeys: () => this.apiKeys.known,
          contract,
          logger,
          metrics,
          metricsOfAll: () => metrics.text(readyWorkers()),
          countsSince: (windowsMs) => counts.since(windowsMs),
          isAnyListening: () => this.slots.some(({ isListening }) => isListening),
          onFailedStart: () => void this.giveUpIfAllFailed(),
        }),
      );
    }
    logger.info({ workers: workerCount }, 'starting the workers');
    const [first, ...others] = this.slots;
    try {
      const summary = await first?.open();
      await Promise.all(others.map((slot) => slot.open()));
      logger.info({ workers: workerCount }, 'all workers are ready');
      this.log.announce?.(summary ?? '');
    } catch {
      // A worker that fails has a line of its own, and its slot sees to it. Or a signal came during the start.
    }
  }

  private async replaceAll(): Promise<void> {
    this.isReplacingWanted = true;
    if (this.isReplacing) {
      return;
    }
    this.isReplacing = true;
    while (this.isReplacingWanted && !this.isEnding) {
      this.isReplacingWanted = false;
      await this.replaceOneByOne();
    }
    this.isReplacing = false;
  }

  private async replaceOneByOne(): Promise<void> {
    const { logger } = this.log;
    logger.info('SIGHUP: replacing the workers one by one');
    for (const [index, slot] of this.slots.entries()) {
      try {
        await slot.replace();
      } catch (error) {
        if (!this.isEnding) {
          logger.error(
            { replaced: index, kept: this.slots.length - index, reason: (error as Error).message },
            'a new worker did not become ready, so the old ones keep serving',
          );
        }
        return;
      }
    }
    if (!this.isEnding) {
      logger.info({ workers: this.slots.length }, 'all workers are replaced');
    }
  }

  private async giveUpIfAllFailed(): Promise<void> {
    if (this.isEnding || !this.slots.every(({ hasFailed }) => hasFailed)) {
      return;
    }
    this.isEnding = true;
    this.log.logger.fatal(
      'No worker is ready: each one ended during its start. The line of the worker says why.',
    );
    await this.drainAll('SIGINT');
    await this.log.flush();
    process.exit(1);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.isEnding) {
      this.killAll();
      process.exit(1);
    }
    this.isEnding = true;
    this.log.logger.info({ signal }, 'draining all workers');
    const areDrained = await this.drainAll(signal);
    await this.log.flush();
    process.exit(areDrained ? 0 : 1);
  }

  /** Kills the workers that do not end in time. @returns whether all have ended by themselves */
  private async drainAll(signal: NodeJS.Signals): Promise<boolean> {
    const { shutdownDelayMs, shutdownTimeoutMs } = this.settings;
    const areDrained = await Promise.race([
      Promise.all(this.slots.map((slot) => slot.drain(signal))).then(() => true),
      delay(shutdownDelayMs + shutdownTimeoutMs + DRAIN_GRACE_MS, false),
    ]);
    if (!areDrained) {
      this.log.logger.error('workers that do not end are killed');
      this.killAll();
    }
    return areDrained;
  }

  private killAll(): void {
    this.slots.forEach((slot) => {
      slot.kill();
    });
  }
}
