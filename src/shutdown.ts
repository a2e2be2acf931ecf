import cluster from 'node:cluster';
import { setTimeout } from 'node:timers/promises';
import type { Log } from './common/log/logger.js';

/** A Nest application: its interface leaves out that `close` hands the signal on to the shutdown hooks. */
interface Application {
  close(signal: string): Promise<void>;
}

/** A log reader that stalls holds the exit up for no longer than this. */
const LONGEST_LOG_CLOSE_MS = 1000;

/**
 * Ends the process on SIGTERM or SIGINT: with code 0 after the application is closed and the last log lines are written;
 * with code 1 at once on a second signal. Nest's own shutdown hooks do not wait for the log and ignore a second signal.
 *
 * A worker may get the first signal twice, from its terminal and from its supervisor, which kills it if it must end.
 */
export class Shutdown {
  private isClosing = false;
  private application: Application | undefined;

  constructor(private readonly log: Log) {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        if (this.isClosing && !cluster.isWorker) {
          process.exit(1);
        }
        void this.close(signal);
      });
    }
  }

  /** Until this is called there is nothing to close, and a signal ends the process at once. */
  closes(application: Application): void {
    this.application = application;
  }

  /** Ends the process as on a signal when this is done, if no signal came earlier. */
  async after(work: Promise<void>): Promise<void> {
    await work;
    await this.close('SIGHUP');
  }

  private async close(signal: string): Promise<void> {
    if (this.isClosing) {
      return;
    }
    this.isClosing = true;
    try {
      await this.application?.close(signal);
      await Promise.race([this.log.close(), setTimeout(LONGEST_LOG_CLOSE_MS)]);
      process.exit(0);
    } catch (error) {
      this.log.logger.fatal({ err: error }, 'the shutdown failed');
      process.exit(1);
    }
  }
}
