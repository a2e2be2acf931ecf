import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import {
  HOST,
  laterNames,
  parseRecordFileName,
  type RecordFileName,
  timeOfDayMs,
} from './record-file-name.js';
import { FILE_MODE } from './rotating-file.js';

export interface ClosedFilesOptions {
  readonly folder: string;
  /** Most bytes of all files. The oldest closed ones are deleted beyond it. */
  readonly totalBytes: number;
  /** Of a file. That much is kept free for the next one. */
  readonly fileBytes: number;
  /** A file is closed that long after its first line. */
  readonly fileMs: number;
  readonly openPath: () => string | undefined;
  readonly onDeleted: (path: string, bytes: number) => void;
  readonly onFailure: (error: Error) => void;
}

interface StoredFile {
  readonly path: string;
  readonly name: RecordFileName;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/** Longest part of a file that is searched for the end of its last line at once. */
const SEARCHED_BYTES = 65_536;

/**
 * Compresses the files that are closed, those too that a process left which has died, and deletes the oldest. Several processes,
 * also of several hosts, may share the folder: who renames a file first has it.
 */
export class ClosedFiles {
  private work: Promise<void> = Promise.resolve();
  private isEnding = false;

  constructor(private readonly options: ClosedFilesOptions) {}

  /** Never rejects. What fails is tried again the next time. */
  async tidy(): Promise<void> {
    this.work = this.work.then(async () => {
      await this.attempt(this.compressAll());
      await this.attempt(this.deleteOldest());
    });
    return this.work;
  }

  private async attempt(step: Promise<void>): Promise<void> {
    try {
      await step;
    } catch (error) {
      this.options.onFailure(error as Error);
    }
  }

  /** Resolves when the file that is compressed now is done. The others are left to the next process, which has the time. */
  async end(): Promise<void> {
    this.isEnding = true;
    await this.work;
  }

  private async compressAll(): Promise<void> {
    for (const file of await this.files()) {
      if (!this.isEnding && file.name.kind !== 'compressed' && this.isLeft(file)) {
        await this.attempt(this.takeOver(file));
      }
    }
  }

  private async files(): Promise<StoredFile[]> {
    const { folder } = this.options;
    const found = (await entriesOf(folder)).map(async (entry) => {
      const name = parseRecordFileName(entry);
      const path = join(folder, entry);
      const facts = name && (await stat(path).catch(() => undefined));
      return name && facts && { path, name, bytes: facts.size, changedAtMs: facts.mtimeMs };
    });
    const files = (await Promise.all(found)).filter((file) => file !== undefined);
    return files.toSorted((a, b) => (a.name.beganAt < b.name.beganAt ? -1 : 1));
  }

  /** Whether nobody writes the file. */
  private isLeft({ path, name, changedAtMs }: StoredFile): boolean {
    if (path === this.options.openPath()) {
      return false;
    }
    const isOfThisProcess = name.host === HOST && name.ownerPid === process.pid;
    const isOfDeadProcess = name.host === HOST && !isAlive(name.ownerPid);
    const unchangedMs = timeOfDayMs() - changedAtMs;
    return isOfThisProcess || isOfDeadProcess || unchangedMs > 2 * this.options.fileMs;
  }

  private async takeOver({ path, name }: StoredFile): Promise<void> {
    if (name.kind === 'partial') {
      await rm(path, { force: true });
      return;
    }
    const names = laterNames(name, process.pid);
    const plain = join(this.options.folder, names.plain);
    const partial = join(this.options.folder, names.partial);
    const compressed = join(this.options.folder, names.compressed);
    try {
      await rename(path, plain);
    } catch {
      // Another process has it.
      return;
    }
    if ((await stat(compressed).catch(() => undefined)) === undefined) {
      const wholeBytes = await bytesOfWholeLines(plain);
      if (wholeBytes > 0) {
        await pipeline(
          createReadStream(plain, { end: wholeBytes - 1 }),
          createGzip(),
          createWriteStream(partial, { mode: FILE_MODE }),
        );
        await rename(partial, compressed);
      }
    }
    await rm(plain);
  }

  private async deleteOldest(): Promise<void> {
    const { totalBytes, fileBytes, onDeleted } = this.options;
    const files = await this.files();
    let sumBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of files.filter(({ name }) => name.kind === 'compressed')) {
      if (sumBytes <= totalBytes - fileBytes) {
        return;
      }
      await rm(path, { force: true });
      sumBytes -= bytes;
      onDeleted(path, bytes);
    }
  }
}

/** None if somebody removed the folder: it is made again for the next file. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** @returns how much of the file comes before the end of its last line; a process that was killed leaves half a line */
async function bytesOfWholeLines(path: string): Promise<number> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(SEARCHED_BYTES);
    let { size: end } = await file.stat();
    while (end > 0) {
      const start = Math.max(0, end - SEARCHED_BYTES);
      const { bytesRead } = await file.read(buffer, 0, end - start, start);
      const newline = buffer.subarray(0, bytesRead).lastIndexOf('\n');
      if (newline !== -1) {
        return start + newline + 1;
      }
      end = start;
    }
    return 0;
  } finally {
    await file.close();
  }
}
