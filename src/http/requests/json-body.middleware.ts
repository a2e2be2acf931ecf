import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '../problems/problem.exception.js';
import { bodyReader, bodyTooLarge, type ReadBody } from './body-bytes.js';
import { parseJson } from './parse-json.js';

/** Injects the size of the largest body, after decompression. */
export const BODY_LIMIT_BYTES = Symbol('BODY_LIMIT_BYTES');

const LONGEST_ECHO = 100;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

export const JSON_MEDIA_TYPE = /^application\/([\w.+-]+\+)?json\s*(;|$)/i;
/** JSON between systems is UTF-8 (RFC 8259, section 8.1); body-parser would take UTF-16 and others too. */
export const OTHER_CHARSET = /;\s*charset=(?!"?utf-?8"?\s*(;|$))/i;

/**
 * Parses the body of the routes that it is applied to as JSON of any type, a top-level null included.
 * A request without a content type is taken to be JSON.
 */
@Injectable()
export class JsonBodyMiddleware implements NestMiddleware {
  private readonly read: ReadBody;

  constructor(@Inject(BODY_LIMIT_BYTES) private readonly limitBytes: number) {
    this.read = bodyReader(limitBytes);
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const refusal = this.refusalByHeaders(request);
    if (refusal !== undefined) {
      // Node reads and drops the body, so that a client that is still sending it gets the answer.
      next(refusal);
      return;
    }
    this.read(request, response, (error?: unknown) => {
      next(error ?? this.replaceBytes(request));
    });
  }

  /** An empty body is an empty object, as for body-parser. @throws {ProblemException} if the bytes are no JSON */
  protected parse(bytes: Buffer): unknown {
    const hasMark = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    const json = hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
    return json.length === 0 ? {} : parseJson(json, 'The body');
  }

  /** @returns why the body is refused */
  private replaceBytes(request: Request): unknown {
    const bytes: unknown = request.body;
    if (Buffer.isBuffer(bytes)) {
      try {
        request.body = this.parse(bytes);
      } catch (error) {
        return error;
      }
    }
    return undefined;
  }

  private refusalByHeaders(request: Request): ProblemException | undefined {
    const contentType = request.get('Content-Type');
    if (contentType !== undefined && !JSON_MEDIA_TYPE.test(contentType)) {
      const echo = JSON.stringify(contentType.slice(0, LONGEST_ECHO));
      return new ProblemException(
        'unsupported_media_type',
        `The content type is ${echo}; send application/json.`,
      );
    }
    if (contentType !== undefined && OTHER_CHARSET.test(contentType)) {
      return new ProblemException('unsupported_media_type', 'JSON must be in UTF-8.');
    }
    if (Number(request.get('Content-Length')) > this.limitBytes) {
      return bodyTooLarge(this.limitBytes);
    }
    return undefined;
  }
}
