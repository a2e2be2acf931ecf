import type { NextFunction, Request, Response } from 'express';
import { ProblemException } from '../problems/problem.exception.js';

/** Refuses what Node's HTTP parser lets pass, but RFC 9112 (sections 2.3, 3.2 and 6.1) does not. */
export function requireValidHead(request: Request, response: Response, next: NextFunction): void {
  const fault = headFault(request);
  if (fault === undefined) {
    next();
    return;
  }
  // Where such a request ends is not sure.
  response.shouldKeepAlive = false;
  next(new ProblemException('malformed_request', fault));
}

function headFault({ httpVersion, headers, rawHeaders }: Request): string | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    return `HTTP/${httpVersion} is not supported; use HTTP/1.1.`;
  }
  if (headers.host === undefined && httpVersion === '1.1') {
    return 'The Host header is missing.';
  }
  if (hasTwoHosts(rawHeaders)) {
    return 'There is more than one Host header.';
  }
  const encoding = headers['transfer-encoding'];
  return encoding === undefined || encoding.toLowerCase() === 'chunked'
    ? undefined
    : 'The only Transfer-Encoding that is supported is chunked.';
}

/** Node keeps only the first in `headers`. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') {
      count++;
    }
  }
  return count > 1;
}
