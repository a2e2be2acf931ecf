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
 */
export class Shutdown {
  private isClosing = false;
  private application: Application | undefined;
  private log: Log | undefined;

  constructor() {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        if (this.isClosing) {
          process.exit(1);
        }
        this.isClosing = true;
        void this.close(signal);
      });
    }
  }

  /** Until this is called there is nothing to close, and a signal ends the process at once. */
  closes(application: Application, log: Log): void {
    this.application = application;
    this.log = log;
  }

  private async close(signal: string): Promise<void> {
    try {
      await this.application?.close(signal);
      await Promise.race([this.log?.close(), setTimeout(LONGEST_LOG_CLOSE_MS)]);
      process.exit(0);
    } catch (error) {
      this.log?.logger.fatal({ err: error }, 'the shutdown failed');
      process.exit(1);
    }
  }
}
