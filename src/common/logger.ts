import { type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from '../config/settings.js';
import { currentRequest } from './request-context.js';

/**
 * The root logger: each line carries the id of the request that it was written for.
 *
 * JSON goes to stdout asynchronously, so that a line never blocks the event loop; pino writes what is left when
 * the process exits. Text for a terminal is written at once.
 */
export function createLogger({ logLevel, logFormat }: Pick<Settings, 'logLevel' | 'logFormat'>): Logger {
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY);
  return pino(
    {
      level: logLevel,
      base: { service: 'churn-model-api', pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const request = currentRequest();
        return request === undefined ? {} : { request_id: request.id };
      },
    },
    isPretty
      ? pretty({ sync: true, ignore: 'service,pid', translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
      : pino.destination({ dest: 1, sync: false }),
  );
}
