import { NotFoundException } from '@nestjs/common';
import type { Express, NextFunction, Request, Response } from 'express';
import { allowedMethods } from '../problems/allowed-methods.js';
import { pathOf } from './request-path.js';

/** Whether a browser asks, before a request of a page, whether the page may send it. It never carries a key. */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.get('Access-Control-Request-Method') !== undefined;
}

/** Ends a CORS preflight, whose headers are set by then, so that none reaches a route. An unknown path is not found. */
export function answerPreflight(request: Request, response: Response, next: NextFunction): void {
  if (!isPreflight(request)) {
    next();
  } else if (allowedMethods(request.app as Express, pathOf(request)).length === 0) {
    next(new NotFoundException());
  } else {
    response.sendStatus(204);
  }
}
