import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '../problem/problem.exception.js';

/** Refuses an HTTP/1.1 request without a Host header (RFC 9112, section 3.2). */
export function requireHost(request: Request, _response: Response, next: NextFunction): void {
  const isRefused = request.httpVersion === '1.1' && request.headers.host === undefined;
  next(isRefused ? new ProblemException('malformed_request', 'The Host header is missing.') : undefined);
}
