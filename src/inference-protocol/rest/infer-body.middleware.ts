import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { bodyReader, bodyTooLarge, type ReadBody } from '../../http/requests/body-bytes.js';
import { JSON_MEDIA_TYPE, OTHER_CHARSET } from '../../http/requests/json-body.middleware.js';
import { freeBytes } from '../../model/free-bytes.js';
import { HeldBytes, noRoom } from '../held-bytes.js';

/** Injects the size of the largest body, after decompression. */
export const INFER_BODY_LIMIT_BYTES = Symbol('INFER_BODY_LIMIT_BYTES');

const BINARY_MEDIA_TYPE = /^application\/octet-stream\s*(;|$)/i;
const LONGEST_ECHO = 100;

/**
 * Reads the body of a request for inference, as bytes: JSON, maybe with binary data behind it. Which of the two does not follow
 * from the content type, since clients send none.
 */
@Injectable()
export class InferBodyMiddleware implements NestMiddleware {
  private readonly read: ReadBody;

  constructor(
    @Inject(INFER_BODY_LIMIT_BYTES) private readonly limitBytes: number,
    private readonly heldBytes: HeldBytes,
  ) {
    this.read = bodyReader(limitBytes);
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const size = this.mostBytes(request);
    const refusal =
      this.refusalByHeaders(request) ?? (size > this.limitBytes ? bodyTooLarge(this.limitBytes) : undefined);
    if (refusal !== undefined) {
      next(refusal);
      return;
    }
    if (!this.heldBytes.hold(size)) {
      next(noRoom());
      return;
    }
    response.once('close', () => {
      this.heldBytes.release(size);
    });
    const chunks = isEncoded(request) ? [] : gatherChunks(request, this.limitBytes);
    this.read(request, response, (error) => {
      // The body is a copy of them.
      chunks.forEach(freeBytes);
      next(error);
    });
  }

  /** How large the body can get in memory. */
  private mostBytes(request: Request): number {
    const stated = request.get('Content-Length');
    const isStated = stated !== undefined && !isEncoded(request);
    return isStated ? Number(stated) : this.limitBytes;
  }

  private refusalByHeaders(request: Request): ProblemException | undefined {
    const contentType = request.get('Content-Type');
    if (contentType !== undefined && JSON_MEDIA_TYPE.test(contentType)) {
      return OTHER_CHARSET.test(contentType)
        ? new ProblemException('unsupported_media_type', 'JSON must be in UTF-8.')
        : undefined;
    }
    if (contentType !== undefined && !BINARY_MEDIA_TYPE.test(contentType)) {
      const echo = JSON.stringify(contentType.slice(0, LONGEST_ECHO));
      return new ProblemException(
        'unsupported_media_type',
        `The content type is ${echo}; send application/json, or application/octet-stream with binary data.`,
      );
    }
    return undefined;
  }
}

function isEncoded(request: Request): boolean {
  return request.get('Content-Encoding') !== undefined;
}

/** @returns what will hold all chunks of the body, or none if it is too large: what comes then is read, but not kept */
function gatherChunks(request: Request, limitBytes: number): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  const gather = (chunk: Buffer): void => {
    chunks.push(chunk);
    byteCount += chunk.length;
    if (byteCount > limitBytes) {
      request.off('data', gather);
      chunks.length = 0;
    }
  };
  request.on('data', gather);
  return chunks;
}
