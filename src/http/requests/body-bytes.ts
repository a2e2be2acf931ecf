import express, { type Request, type Response } from 'express';
import { ProblemException } from '../problems/problem.exception.js';

/** @param done is given why there are no bytes, if so; it is not called if the client is gone, whose log line says so */
export type ReadBody = (request: Request, response: Response, done: (error?: unknown) => void) => void;

/** Makes what reads the body of a request into a Buffer, whatever its content type. */
export function bodyReader(limitBytes: number): ReadBody {
  const read = express.raw({ limit: limitBytes, type: () => true });
  return (request, response, done) => {
    read(request, response, (error?: unknown) => {
      if (request.destroyed && !request.complete) {
        return;
      }
      const isTooLarge = (error as { readonly type?: string } | undefined)?.type === 'entity.too.large';
      done(isTooLarge ? bodyTooLarge(limitBytes) : error);
    });
  };
}

export function bodyTooLarge(limitBytes: number): ProblemException {
  return new ProblemException('payload_too_large', tooLargeDetail(limitBytes));
}

export function tooLargeDetail(limitBytes: number): string {
  return `The body may have ${limitBytes} bytes at most; split a batch that is larger.`;
}
