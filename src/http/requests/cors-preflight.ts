import type { NextFunction, Request, Response } from 'express';

/**
 * Ends a CORS preflight, whose headers are set by then. The package cors would end every OPTIONS request, and so say of
 * unknown paths that they are there.
 */
export function answerPreflight(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'OPTIONS' && request.get('Access-Control-Request-Method') !== undefined) {
    response.sendStatus(204);
  } else {
    next();
  }
}
