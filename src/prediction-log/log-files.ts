import type { PinoLogger } from 'nestjs-pino';
import type { Settings } from '../config/settings.js';
import { ClosedFiles } from './closed-files.js';
import { RotatingFile } from './rotating-file.js';

/** The files of the prediction log: the open one, and those that are closed. */
export class LogFiles {
  readonly open: RotatingFile;
  private readonly closed: ClosedFiles;

  constructor(settings: Settings, logger: PinoLogger) {
    const {
      predictionLogPath: folder,
      predictionLogFileBytes: fileBytes,
      predictionLogFileMs: fileMs,
      predictionLogTotalBytes: totalBytes,
    } = settings;
    this.open = new RotatingFile({
      folder,
      fileBytes,
      fileMs,
      onFailure: (error) => {
        logger.error({ err: error }, 'the prediction log cannot be written');
      },
      onRecovery: () => {
        logger.info('the prediction log is written again');
      },
      onVanished: (path) => {
        logger.warn({ path }, 'a file of the prediction log was removed while it was written');
      },
      onClosed: () => {
        this.tidy();
      },
    });
    this.closed = new ClosedFiles({
      folder,
      fileBytes,
      fileMs,
      totalBytes,
      openPath: () => this.open.path,
      onDeleted: (path, bytes) => {
        logger.info({ path, bytes }, 'the oldest file of the prediction log was deleted');
      },
      onFailure: (error) => {
        logger.error({ err: error }, 'a closed file of the prediction log cannot be compressed');
      },
    });
  }

  /** Compresses closed files and deletes the oldest, in the background. */
  tidy(): void {
    void this.closed.tidy();
  }

  /** Closes the open file. */
  async end(): Promise<void> {
    await this.closed.end();
    await this.open.close();
  }
}
