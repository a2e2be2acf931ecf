import cluster from 'node:cluster';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../log/logger.js';

/** The service that is shut down. */
export interface Service {
  /** Tells load balancers to send their requests elsewhere. Those that still come are answered. */
  readonly leave: () => void;
  /** Takes no new connection, and resolves when the requests in flight are answered. */
  readonly close: (signal: string) => Promise<void>;
}

/**
 * Ends the process on SIGTERM or SIGINT: with code 0 after the service is closed and the last log lines are written;
 * with code 1 at once on a second signal. Nest's own shutdown hooks do not wait for the log and ignore a second signal.
 *
 * On SIGTERM the service goes on for SHUTDOWN_DELAY_MS, until load balancers have noticed that it is no longer ready.
 * SIGINT comes from a person at a terminal, who need not wait.
 *
 * A worker may get the first signal twice, from its terminal and from its supervisor, which kills it if it must end.
 */
export class Shutdown {
  private isClosing = false;
  private service: Service | undefined;

  constructor(
    private readonly log: Log,
    private readonly shutdownDelayMs: number,
  ) {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        if (this.isClosing && !cluster.isWorker) {
          process.exit(1);
        }
        void this.close(signal);
      });
    }
  }

  /** Whether a signal came. */
  get hasBegun(): boolean {
    return this.isClosing;
  }

  /** Before this is called there is nothing to close, and a signal ends the process at once. */
  register(service: Service): void {
    this.service = service;
  }

  /** Ends the process as a signal does when `work` is done, unless a signal came earlier. */
  async closeWhen(work: Promise<void>): Promise<void> {
    await work;
    await this.close('SIGHUP');
  }

  private async close(signal: string): Promise<void> {
    if (this.isClosing) {
      return;
    }
    this.isClosing = true;
    try {
      if (this.service !== undefined) {
        await this.closeService(this.service, signal);
      }
      await this.log.flush();
      process.exit(0);
    } catch (error) {
      this.log.logger.fatal({ err: error }, 'the shutdown failed');
      process.exit(1);
    }
  }

  private async closeService(service: Service, signal: string): Promise<void> {
    const delayMs = signal === 'SIGTERM' ? this.shutdownDelayMs : 0;
    this.log.logger.info({ signal, shutdown_delay_ms: delayMs }, 'draining');
    service.leave();
    await setTimeout(delayMs);
    await service.close(signal);
  }
}
