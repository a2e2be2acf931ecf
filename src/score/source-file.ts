import { createWriteStream, rmSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PIPE, type ScoreFile } from './options.js';
import { badFile } from './score-error.js';

/** The file to read; what comes from a pipe is stored first, since it is read more than once. */
export class SourceFile {
  private constructor(
    readonly file: ScoreFile,
    private readonly isStored: boolean,
  ) {}

  /** @throws {ScoreError} if it cannot be read */
  static async of(file: ScoreFile, signal: AbortSignal): Promise<SourceFile> {
    if (file.path === PIPE) {
      const stored = new SourceFile(
        { ...file, path: join(tmpdir(), `.churn-score.${process.pid}.input`) },
        true,
      );
      try {
        await pipeline(process.stdin, createWriteStream(stored.file.path, { mode: 0o600 }), { signal });
      } catch (error) {
        stored.discard();
        throw badFile(`Standard input cannot be stored in ${tmpdir()}: ${(error as Error).message}.`, error);
      }
      return stored;
    }
    try {
      await access(file.path, constants.R_OK);
    } catch (error) {
      throw badFile(`The input ${file.path} cannot be read: ${(error as Error).message}.`, error);
    }
    if (!(await stat(file.path)).isFile()) {
      throw badFile(`The input ${file.path} is no file. A pipe is named ${PIPE}.`);
    }
    return new SourceFile(file, false);
  }

  discard(): void {
    if (this.isStored) {
      rmSync(this.file.path, { force: true });
    }
  }
}
