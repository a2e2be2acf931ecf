import { setTimeout as delay } from 'node:timers/promises';
import { GrowingDelay } from '../backoff/growing-delay.js';

/** The most memory for lines that wait to be written. Lines beyond it are lost. */
const LARGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

/** The longest time that a line waits for others to share its write. One write for each line cost a tenth of the CPU time. */
const LONGEST_DELAY_MS = 100;

/** A reader that only lags behind has made room by then. A reader that stalls, or a full disk, takes longer. */
const FIRST_RETRY_MS = 2;
const LONGEST_RETRY_MS = 100;

/** The longest time that unwritable lines delay the end of the process. */
const LONGEST_FLUSH_MS = 1000;

/** Where lines go. A write that would have to wait for a reader fails with EAGAIN instead. */
export interface LineDestination {
  /** @param done is called with the number of bytes that were written */
  write(chunk: Buffer, done: (error: Error | null, writtenBytes: number) => void): void;
  /** @returns the number of bytes that were written */
  writeSync(chunk: Buffer): number;
}

export interface LineWriterOptions {
  readonly destination: LineDestination;
  /** Most bytes of a write, which consists of whole lines. */
  readonly chunkBytes: number;
  /** Bytes for which it does not wait for further lines. */
  readonly enoughBytes: number;
  /** Called with a number of lines that were lost, once later ones can be written. */
  readonly onLoss: (lineCount: number) => void;
}

/**
 * Writes lines in the background, in order. It keeps lines that cannot be written (nobody reads, the disk is full) and
 * tries again. Beyond a bound of memory it drops lines and counts them. It never throws, and its callers never wait.
 *
 * pino's own writer, SonicBoom, does not keep these promises: see docs/decisions/0019-own-log-writer.md.
 */
export class LineWriter {
  /** Full chunks. As buffers they lie outside of V8's heap. */
  private readonly chunks: Buffer[] = [];
  private lastLines = '';
  private lastBytes = 0;
  private backlogBytes = 0;
  /** It writes, or waits before it tries again. */
  private isBusy = false;
  private isWriting = false;
  /** The last write failed, and no reader can help. */
  private isUnwritable = false;
  private readonly retryDelay = new GrowingDelay(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  private droppedCount = 0;
  private reportedCount = 0;

  constructor(private readonly options: LineWriterOptions) {
    setInterval(() => {
      this.writeUnlessBusy();
    }, LONGEST_DELAY_MS).unref();
  }

  /** Lines lost so far. */
  get droppedLines(): number {
    return this.droppedCount;
  }

  /** Whether half of its memory is taken by lines that will be written. Who can wait should, before lines are lost. */
  get isBehind(): boolean {
    return this.backlogBytes > LARGEST_BACKLOG_BYTES / 2 && !this.isUnwritable;
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.backlogBytes + bytes > LARGEST_BACKLOG_BYTES) {
      this.droppedCount++;
      return;
    }
    if (this.lastBytes + bytes > this.options.chunkBytes) {
      this.sealLastChunk();
    }
    this.lastLines += line;
    this.lastBytes += bytes;
    this.backlogBytes += bytes;
    if (this.backlogBytes >= this.options.enoughBytes && !this.isBusy) {
      // Not at once: after a fatal line it is flushSync that writes, since nobody waits for a write in the background.
      queueMicrotask(() => {
        this.writeUnlessBusy();
      });
    }
  }

  /**
   * Writes the waiting lines at once, before the process ends. pino calls it after a fatal line.
   *
   * @param longestMs to wait for a reader
   */
  flushSync(longestMs = LONGEST_FLUSH_MS): void {
    const giveUpAtMs = performance.now() + longestMs;
    for (let chunk = this.takeChunk(); chunk !== undefined; chunk = this.takeChunk()) {
      try {
        this.settle(chunk, this.options.destination.writeSync(chunk));
      } catch (error) {
        this.settle(chunk, 0);
        if (!isTransient(error) || performance.now() >= giveUpAtMs) {
          return;
        }
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_RETRY_MS);
      }
    }
  }

  /** Resolves when all lines are written, or cannot be. */
  async flush(): Promise<void> {
    const giveUpAtMs = performance.now() + LONGEST_FLUSH_MS;
    while (
      (this.isWriting || (this.backlogBytes > 0 && !this.isUnwritable)) &&
      performance.now() < giveUpAtMs
    ) {
      this.writeUnlessBusy();
      await delay(FIRST_RETRY_MS);
    }
  }

  /** Drops the lines that wait, once nobody will write them. @returns how many */
  abandon(): number {
    const lineCount = [...this.chunks, Buffer.from(this.lastLines)].reduce(
      (sum, chunk) => sum + newlinesIn(chunk),
      0,
    );
    this.chunks.length = 0;
    this.lastLines = '';
    this.lastBytes = 0;
    this.backlogBytes = 0;
    this.droppedCount += lineCount;
    return lineCount;
  }

  private writeUnlessBusy(): void {
    if (!this.isBusy) {
      this.writeNext();
    }
  }

  private writeNext(): void {
    const chunk = this.takeChunk();
    this.isBusy = chunk !== undefined;
    if (chunk === undefined) {
      return;
    }
    this.isWriting = true;
    this.options.destination.write(chunk, (error, writtenBytes) => {
      this.isWriting = false;
      this.settle(chunk, writtenBytes);
      this.isUnwritable = error !== null && !isTransient(error);
      if (error === null) {
        this.goOn();
      } else {
        setTimeout(() => {
          this.writeNext();
        }, this.retryDelay.afterFailure()).unref();
      }
    });
  }

  private takeChunk(): Buffer | undefined {
    if (this.chunks.length === 0) {
      this.sealLastChunk();
    }
    return this.chunks.shift();
  }

  private sealLastChunk(): void {
    if (this.lastBytes > 0) {
      this.chunks.push(Buffer.from(this.lastLines));
      this.lastLines = '';
      this.lastBytes = 0;
    }
  }

  /** Keeps what was not written of a chunk that was taken. */
  private settle(chunk: Buffer, writtenBytes: number): void {
    this.backlogBytes -= writtenBytes;
    if (writtenBytes < chunk.length) {
      this.chunks.unshift(chunk.subarray(writtenBytes));
    }
  }

  private goOn(): void {
    this.retryDelay.reset();
    const lostCount = this.droppedCount - this.reportedCount;
    if (lostCount > 0) {
      this.reportedCount = this.droppedCount;
      this.options.onLoss(lostCount);
    }
    this.isBusy = false;
    if (this.backlogBytes >= this.options.enoughBytes) {
      this.writeNext();
    }
  }
}

function newlinesIn(chunk: Buffer): number {
  let count = 0;
  for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', end + 1)) {
    count++;
  }
  return count;
}

/** Whether it is the reader that has to make room. */
function isTransient(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}
