import { createReadStream, rmSync } from 'node:fs';
import { access, constants, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PIPE, type ScoreFile } from './options.js';
import { badFile } from './score-error.js';

/**
 * A file that gets its name when it is whole: until then it stands beside it under another. What goes to a pipe is written
 * whole before its first byte is sent.
 */
export class TargetFile {
  readonly temporaryPath: string;

  private constructor(private readonly file: ScoreFile) {
    const { path } = file;
    const [folder, name] = path === PIPE ? [tmpdir(), 'churn-score'] : [dirname(path), basename(path)];
    this.temporaryPath = join(folder, `.${name}.${process.pid}.partial`);
  }

  /** @throws {ScoreError} if its folder cannot be written */
  static async of(file: ScoreFile): Promise<TargetFile> {
    const target = new TargetFile(file);
    const folder = dirname(target.temporaryPath);
    try {
      await access(folder, constants.W_OK);
    } catch (error) {
      throw badFile(`The folder ${folder} cannot be written: ${(error as Error).message}.`, error);
    }
    return target;
  }

  /** Gives it its name, or sends it. */
  async finish(): Promise<void> {
    if (this.file.path === PIPE) {
      await pipeline(createReadStream(this.temporaryPath), process.stdout, { end: false });
      await sent(process.stdout);
      await rm(this.temporaryPath);
    } else {
      await rename(this.temporaryPath, this.file.path);
    }
  }

  discard(): void {
    rmSync(this.temporaryPath, { force: true });
  }
}

/** Resolves when the reader of the stream has all that was written. The end of the process would discard the rest. */
async function sent(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write('', (error) => {
      if (error) {
        reject(error);
      } else {
        resolve();
      }
    });
  });
}

export interface Targets {
  readonly answer: TargetFile;
  /** Of refused rows, if they are not to stand in the answer. */
  readonly apart: TargetFile | undefined;
}
