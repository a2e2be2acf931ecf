import { isUtf8 } from 'node:buffer';
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { isDeeperThan } from './json-depth.js';
import { ProblemException } from '../problems/problem.exception.js';

/** Injects the size of the largest body, after decompression. */
export const BODY_LIMIT_BYTES = Symbol('BODY_LIMIT_BYTES');

/** Deeper JSON is refused: no client needs it, and recursive code would overflow the stack. */
export const DEEPEST_JSON = 32;

const LONGEST_ECHO = 100;
const BYTE_ORDER_MARK = '\ufeff';

export const JSON_MEDIA_TYPE = /^application\/([\w.+-]+\+)?json\s*(;|$)/i;
/** JSON between systems is UTF-8 (RFC 8259, section 8.1); body-parser would take UTF-16 and others too. */
export const OTHER_CHARSET = /;\s*charset=(?!"?utf-?8"?\s*(;|$))/i;

/**
 * Parses the body of the routes that it is applied to as JSON of any type, a top-level null included.
 * A request without a content type is taken to be JSON.
 */
@Injectable()
export class JsonBodyMiddleware implements NestMiddleware {
  private readonly read: RequestHandler;

  constructor(@Inject(BODY_LIMIT_BYTES) private readonly limitBytes: number) {
    this.read = express.raw({ limit: limitBytes, type: () => true });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const refusal = this.refusalByHeaders(request);
    if (refusal !== undefined) {
      // Node reads and drops the body, so that a client that is still sending it gets the answer.
      next(refusal);
      return;
    }
    this.read(request, response, (error?: unknown) => {
      if (request.destroyed && !request.complete) {
        // The client is gone, and its log line says so.
        return;
      }
      next(error === undefined ? this.replaceBytes(request) : this.refusal(error));
    });
  }

  /** @throws {ProblemException} if the bytes are no JSON */
  protected parse(bytes: Buffer): unknown {
    const body = parseJson(bytes);
    if (isDeeperThan(body, DEEPEST_JSON)) {
      throw new ProblemException('json_too_deep', tooDeepDetail());
    }
    return body;
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
      return this.tooLarge();
    }
    return undefined;
  }

  private refusal(error: unknown): unknown {
    const isTooLarge = (error as { readonly type?: string }).type === 'entity.too.large';
    return isTooLarge ? this.tooLarge() : error;
  }

  private tooLarge(): ProblemException {
    return new ProblemException('payload_too_large', tooLargeDetail(this.limitBytes));
  }
}

export function tooDeepDetail(): string {
  return `Arrays and objects may be nested ${DEEPEST_JSON} levels deep at most.`;
}

export function tooLargeDetail(limitBytes: number): string {
  return `The body may have ${limitBytes} bytes at most; split a batch that is larger.`;
}

/** An empty body is an empty object, as for body-parser. */
function parseJson(bytes: Buffer): unknown {
  // A decoder would replace the bytes that it cannot read.
  if (!isUtf8(bytes)) {
    throw new ProblemException('invalid_json', 'The body is not valid UTF-8.');
  }
  const text = bytes.toString();
  try {
    return text === ''
      ? {}
      : (JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) as unknown);
  } catch (error) {
    throw new ProblemException('invalid_json', (error as SyntaxError).message, { cause: error });
  }
}
