import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { decompressor } from './decompression.js';
import type { Compression } from './file-format.js';
import type { ScoreFile } from './options.js';
import { badFile } from './score-error.js';

const LONGEST_HEADER_BYTES = 1_048_576;

/**
 * Reads the names of the columns: the first record. DuckDB would guess where the header is, and rename what is named twice.
 *
 * @throws {ScoreError} if there is none
 */
export async function readCsvHeader({ path, format: { compression } }: ScoreFile): Promise<string[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of decompressed(createReadStream(path), compression)) {
    text += decoder.decode(bytes as Buffer, { stream: true });
    const names = firstRecord(text);
    if (names !== undefined) {
      return names;
    }
    if (text.length > LONGEST_HEADER_BYTES) {
      throw badFile(
        `${path} has no header: its first line does not end within ${LONGEST_HEADER_BYTES} bytes.`,
      );
    }
  }
  // The end of the file ends the header too.
  return text === '' ? [] : (firstRecord(`${text}\n`) ?? []);
}

function decompressed(file: Readable, compression: Compression): Readable {
  if (compression === 'none') {
    return file;
  }
  const decompress = decompressor(compression);
  file.on('error', (error) => decompress.destroy(error));
  return file.pipe(decompress);
}

/** The cells of the first record by RFC 4180, or nothing if it does not end in the text. */
export function firstRecord(text: string): string[] | undefined {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (isQuoted) {
      if (character !== '"') {
        cell += character;
      } else if (text.charAt(index + 1) === '"') {
        cell += '"';
        index++;
      } else {
        isQuoted = false;
      }
    } else if (character === '"') {
      isQuoted = true;
    } else if (character === ',' || character === '\n') {
      cells.push(cell.replace(/\r$/, ''));
      cell = '';
      if (character === '\n') {
        return cells;
      }
    } else {
      cell += character;
    }
  }
  return undefined;
}
