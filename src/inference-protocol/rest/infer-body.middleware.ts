import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { JSON_MEDIA_TYPE, OTHER_CHARSET, tooLargeDetail } from '../../http/requests/json-body.middleware.js';
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
  private readonly read: RequestHandler;

  constructor(
    @Inject(INFER_BODY_LIMIT_BYTES) private readonly limitBytes: number,
    private readonly heldBytes: HeldBytes,
  ) {
    this.read = express.raw({ limit: limitBytes, type: () => true });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const size = this.mostBytes(request);
    const refusal = this.refusalByHeaders(request) ?? (size > this.limitBytes ? this.tooLarge() : undefined);
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
    this.read(request, response, (error?: unknown) => {
      if (request.destroyed && !request.complete) {
        // The client is gone, and its log line says so.
        return;
      }
      const isTooLarge = (error as { type?: string } | undefined)?.type === 'entity.too.large';
      next(isTooLarge ? this.tooLarge() : error);
    });
  }

  /** How large the body can get in memory. */
  private mostBytes(request: Request): number {
    const stated = request.get('Content-Length');
    const isStated = stated !== undefined && request.get('Content-Encoding') === undefined;
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

  private tooLarge(): ProblemException {
    return new ProblemException('payload_too_large', tooLargeDetail(this.limitBytes));
  }
}
