import { once } from 'node:events';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from '../../config/settings.js';
import { currentRequest } from '../request/request-context.js';

export interface Log {
  readonly logger: Logger;
  /** Resolves when all lines are written. Nothing may be logged after it is called. */
  readonly close: () => Promise<void>;
}

/**
 * What is written at once. Of several processes a pipe takes no more without the chance that their lines run into each
 * other (POSIX, PIPE_BUF).
 */
const CHUNK_BYTES = { alone: 32_768, amongWorkers: 4096 };

/** A line waits this long at most for others to be written with: a write for each cost a tenth of the CPU time. */
const LONGEST_DELAY_MS = 100;

/**
 * Opens the log on stdout: each line carries the id of the request that it was written for.
 *
 * JSON is written asynchronously, so that a line never blocks the event loop; text for a terminal at once.
 */
export function openLog({
  logLevel,
  logFormat,
  workers,
}: Pick<Settings, 'logLevel' | 'logFormat' | 'workers'>): Log {
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY);
  if (isPretty) {
    const text = pretty({
      sync: true,
      ignore: 'service,pid',
      translateTime: 'SYS:HH:MM:ss.l',
      singleLine: true,
    });
    return { logger: createLogger(logLevel, text), close: () => Promise.resolve() };
  }
  const chunkBytes = workers === 1 ? CHUNK_BYTES.alone : CHUNK_BYTES.amongWorkers;
  const stdout = pino.destination({
    dest: 1,
    sync: false,
    minLength: chunkBytes / 2,
    maxWrite: chunkBytes,
    periodicFlush: LONGEST_DELAY_MS,
  });
  return {
    logger: createLogger(logLevel, stdout),
    // flush() of a destination without a minimal length does nothing, and process.exit() loses a write under way.
    close: async () => {
      stdout.end();
      await once(stdout, 'close');
    },
  };
}

function createLogger(level: string, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service: 'churn-model-api', pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const request = currentRequest();
        return request === undefined ? {} : { request_id: request.id };
      },
    },
    destination,
  );
}
