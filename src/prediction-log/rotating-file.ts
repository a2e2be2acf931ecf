import { writeSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { LineDestination } from '../log/line-writer.js';
import { newRecordFileName } from './record-file-name.js';

export interface RotatingFileOptions {
  readonly folder: string;
  /** A file that has as many is closed. */
  readonly fileBytes: number;
  /** A file is closed that long after its first line. */
  readonly fileMs: number;
  /** Called once when lines cannot be written, and again after they could be. */
  readonly onFailure: (error: Error) => void;
  readonly onRecovery: () => void;
  /** Called when the folder, or the file, has been removed. Another file is opened. */
  readonly onVanished: (path: string) => void;
  /** Called when a file is closed. */
  readonly onClosed: () => void;
}

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly closeTimer: NodeJS.Timeout;
  bytes: number;
}

/** Readable by their owner and group: they hold personal data. */
export const FILE_MODE = 0o640;
export const FOLDER_MODE = 0o750;

/** Files that follow each other, each of whole lines. A write that a full disk cuts off is taken back, and made again later. */
export class RotatingFile implements LineDestination {
  private file: OpenFile | undefined;
  private isFailing = false;
  /** Writes and closings, one after the other. */
  private work: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RotatingFileOptions) {}

  /** Of the file that is open. */
  get path(): string | undefined {
    return this.file?.path;
  }

  write(chunk: Buffer, done: (error: Error | null, writtenBytes: number) => void): void {
    void this.next(async () => this.writeWhole(chunk)).then(
      () => {
        this.succeeded();
        done(null, chunk.length);
      },
      (error: unknown) => {
        this.failed(error as Error);
        done(error as Error, 0);
      },
    );
  }

  writeSync(chunk: Buffer): number {
    if (this.file === undefined) {
      throw new Error('No file is open.');
    }
    return writeSync(this.file.handle.fd, chunk);
  }

  /** Resolves when the open file is closed. A further write opens another one. */
  async close(): Promise<void> {
    await this.next(() => this.closeFile());
  }

  private async next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.work.then(work);
    this.work = result.catch(() => undefined);
    return result;
  }

  private async writeWhole(chunk: Buffer): Promise<void> {
    const file = await this.fileFor(chunk.length);
    const { bytesWritten } = await file.handle.write(chunk);
    if (bytesWritten < chunk.length) {
      await file.handle.truncate(file.bytes);
      throw new Error(`only ${bytesWritten} of ${chunk.length} bytes were written: the disk is full`);
    }
    file.bytes += bytesWritten;
  }

  private async fileFor(chunkBytes: number): Promise<OpenFile> {
    const { file, options } = this;
    if (file !== undefined) {
      const hasVanished = (await file.handle.stat()).nlink === 0;
      if (hasVanished) {
        options.onVanished(file.path);
      }
      if (hasVanished || (file.bytes > 0 && file.bytes + chunkBytes > options.fileBytes)) {
        await this.closeFile();
      }
    }
    return (this.file ??= await this.openFile());
  }

  private async openFile(): Promise<OpenFile> {
    const { folder, fileMs } = this.options;
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const path = join(folder, newRecordFileName());
    const handle = await open(path, 'ax', FILE_MODE);
    const closeTimer = setTimeout(() => void this.close(), fileMs).unref();
    return { path, handle, closeTimer, bytes: 0 };
  }

  private async closeFile(): Promise<void> {
    const { file } = this;
    if (file !== undefined) {
      this.file = undefined;
      clearTimeout(file.closeTimer);
      await file.handle.close().catch((error: unknown) => {
        this.failed(error as Error);
      });
      this.options.onClosed();
    }
  }

  private succeeded(): void {
    if (this.isFailing) {
      this.isFailing = false;
      this.options.onRecovery();
    }
  }

  private failed(error: Error): void {
    if (!this.isFailing) {
      this.isFailing = true;
      this.options.onFailure(error);
    }
  }
}
