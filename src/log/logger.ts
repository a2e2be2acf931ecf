import { write, writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Settings } from '../config/settings.js';
import { workerCount } from '../config/worker-count.js';
import { currentRequest, type RequestContext } from '../http/requests/request-context.js';
import { type LineDestination, LineWriter } from './line-writer.js';
import { textLine } from './text-line.js';

export interface Log {
  readonly logger: Logger;
  /** Writes a text as it is; absent unless the log is for people, and not of warnings only. */
  readonly announce: ((text: string) => void) | undefined;
  /** Lines lost so far, because nobody read them or the disk was full. */
  readonly droppedLines: number;
  /** Resolves when all lines are written, or cannot be. */
  readonly flush: () => Promise<void>;
}

/**
 * The largest write. When several processes write to one pipe, larger writes may be mixed (POSIX, PIPE_BUF).
 */
const CHUNK_BYTES = { alone: 32_768, amongWorkers: 4096 };

const STDOUT: LineDestination = {
  write: (chunk, done) => {
    doNotBlockOnStdout();
    write(1, chunk, done);
  },
  writeSync: (chunk) => {
    doNotBlockOnStdout();
    return writeSync(1, chunk);
  },
};

/**
 * Opens the log on stdout: each line carries the id of the request that it was written for.
 *
 * Lines are written asynchronously, so that none blocks the event loop: JSON many at a time, text for people each at once.
 */
export function openLog({
  logLevel,
  logFormat,
  workers,
}: Pick<Settings, 'logLevel' | 'logFormat' | 'workers'>): Log {
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY);
  const chunkBytes = workerCount({ workers }) === 1 ? CHUNK_BYTES.alone : CHUNK_BYTES.amongWorkers;
  const writer = new LineWriter({
    destination: STDOUT,
    chunkBytes,
    enoughBytes: isPretty ? 1 : chunkBytes / 2,
    onLoss: (lineCount) => {
      logger.warn({ dropped_lines: lineCount }, 'log lines were lost: they could not be written in time');
    },
  });
  const logger = createLogger(logLevel, isPretty ? inText(writer) : writer);
  process.once('exit', () => {
    writer.flushSync(0);
  });
  return {
    logger,
    announce:
      isPretty && logger.isLevelEnabled('info')
        ? (text) => {
            writer.write(text);
          }
        : undefined,
    get droppedLines() {
      return writer.droppedLines;
    },
    flush: () => writer.flush(),
  };
}

/**
 * Makes a write to a full pipe or socket fail instead of wait. A thread that waits in a write cannot be ended, and
 * neither can its process. Node has no public way to do this, and undoes it for all processes that share stdout when one of them forks
 * another.
 */
function doNotBlockOnStdout(): void {
  const { _handle: handle } = process.stdout as { _handle?: { setBlocking?: (isBlocking: boolean) => void } };
  handle?.setBlocking?.(false);
}

function inText(writer: LineWriter): DestinationStream & Pick<LineWriter, 'flushSync'> {
  const format = prettyFactory({
    // The message has them, if a person wants to know.
    ignore: 'service,pid,name',
    hideObject: true,
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: (line, _messageKey, _level, { colors }) =>
      textLine(line, { columns: terminalColumns(), dim: (text) => colors.gray(text) }),
  });
  return {
    write: (line) => {
      writer.write(format(line));
    },
    flushSync: () => {
      writer.flushSync();
    },
  };
}

/** A terminal may not tell its size. A file or pipe has none. */
function terminalColumns(): number {
  const { columns } = process.stdout as { columns?: number };
  return columns === undefined || columns === 0 ? Infinity : columns;
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
        return request === undefined ? {} : idsOf(request);
      },
    },
    destination,
  );
}

function idsOf({ id, trace }: RequestContext): Record<string, string> {
  return trace === undefined
    ? { request_id: id }
    : { request_id: id, trace_id: trace.traceId, span_id: trace.spanId };
}
