import { createReadStream } from 'node:fs';
import { type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Compression } from './file-format.js';
import type { ScoreFile } from './options.js';
import { badFile } from './score-error.js';

export function decompressor(compression: Exclude<Compression, 'none'>): Transform {
  return compression === 'gzip' ? createGunzip() : createZstdDecompress();
}

/**
 * Decompresses a file to its end. DuckDB takes a file that is cut off for a whole one, and checks no checksum.
 *
 * @throws {ScoreError} if it is cut off or damaged
 */
export async function requireWhole(
  { path, format: { compression } }: ScoreFile,
  signal: AbortSignal,
): Promise<void> {
  if (compression === 'none') {
    return;
  }
  try {
    await pipeline(
      createReadStream(path),
      decompressor(compression),
      new Writable({
        write: (_bytes, _encoding, taken) => {
          taken();
        },
      }),
      { signal },
    );
  } catch (error) {
    throw badFile(`${path} is cut off or damaged: ${(error as Error).message}.`, error);
  }
}
