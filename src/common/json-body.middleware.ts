import { Injectable, type NestMiddleware } from '@nestjs/common';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { Settings } from '../config/settings.js';
import { ProblemException } from './problem/problem.exception.js';

/** Deeper JSON is refused: no client needs it, and what walks it recursively later would overflow the stack. */
export const DEEPEST_JSON = 32;

const JSON_MEDIA_TYPE = /^application\/([\w.+-]+\+)?json\s*(;|$)/i;

/**
 * Parses the body of the routes that it is applied to as JSON of any type, a top-level null included.
 * A request without a content type is taken to be JSON.
 */
@Injectable()
export class JsonBodyMiddleware implements NestMiddleware {
  private readonly parse: RequestHandler;

  constructor(private readonly settings: Settings) {
    this.parse = express.json({ limit: settings.bodyLimitBytes, strict: false, type: () => true });
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const contentType = request.get('Content-Type');
    if (contentType !== undefined && !JSON_MEDIA_TYPE.test(contentType)) {
      next(
        new ProblemException(
          'unsupported_media_type',
          `The content type is ${contentType}; send application/json.`,
        ),
      );
      return;
    }
    this.parse(request, response, (error?: unknown) => {
      if (error !== undefined) {
        next(this.toProblem(error as BodyParserError));
      } else if (isDeeperThan(request.body, DEEPEST_JSON)) {
        next(
          new ProblemException(
            'json_too_deep',
            `Arrays and objects may be nested ${DEEPEST_JSON} levels deep at most.`,
          ),
        );
      } else {
        next();
      }
    });
  }

  private toProblem(error: BodyParserError): unknown {
    switch (error.type) {
      case 'entity.parse.failed':
        return new ProblemException('invalid_json', error.message, { cause: error });
      case 'entity.too.large':
        return new ProblemException(
          'payload_too_large',
          `The body may have ${this.settings.bodyLimitBytes} bytes at most; split a batch that is larger.`,
          { cause: error },
        );
      default:
        return error;
    }
  }
}

/** What body-parser passes on: an http-error with the kind of failure. */
interface BodyParserError extends Error {
  readonly type?: string;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}
