import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ProblemException } from '../http/problems/problem.exception.js';
import { UnreadableFileError } from './file-row.js';

/** Of one piece. To read and check its rows keeps the event loop for some tenths of a millisecond. */
const PIECE_BYTES = 8192;

/** @throws {ProblemException} if the body is compressed in a way that is not read */
export function isGzip(request: IncomingMessage): boolean {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'gzip' || encoding === 'x-gzip') {
    return true;
  }
  if (encoding !== 'identity') {
    throw new ProblemException(
      'unsupported_media_type',
      `The content encoding is ${JSON.stringify(encoding.slice(0, 40))}; send gzip or none.`,
    );
  }
  return false;
}

/**
 * The bytes of the uploaded file, decompressed, in small pieces. They are read from the connection no faster than they are
 * taken here, and what is left when nobody takes any more is not touched.
 *
 * @throws {UnreadableFileError} if they cannot be decompressed
 */
export async function* fileBytes(request: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  const isCompressed = isGzip(request);
  const source: Readable = isCompressed ? request.pipe(createGunzip()) : request;
  try {
    // An iterator that destroys the request would take the connection, and the answer, with it.
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
        yield chunk.subarray(start, start + PIECE_BYTES);
      }
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code?.startsWith('Z_') === true) {
      throw new UnreadableFileError(`The file is not gzip, or is damaged: ${(cause as Error).message}.`, {
        cause,
      });
    }
    throw cause;
  }
}
