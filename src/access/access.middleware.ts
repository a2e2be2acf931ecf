import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Settings } from '../config/settings.js';
import { ProblemException } from '../http/problems/problem.exception.js';
import { isPreflight } from '../http/requests/cors-preflight.js';
import { annotateRequestLog } from '../http/requests/request-context.js';
import { AccessPolicy } from './access-policy.js';
import { ApiKeys } from './api-keys.js';
import { authenticate } from './authenticate.js';
import { callerOf } from './caller.js';
import { createRateLimit, type RateLimit } from './rate-limit.js';
import { WindowStore } from './window-store.js';

/**
 * Refuses a request that needs an API key and has none, or whose caller has sent too many. It is not a Nest guard, since
 * guards come after the body is read and parsed, and do not see the routes of the docs, which are Express's own.
 */
@Injectable()
export class AccessMiddleware implements NestMiddleware {
  private readonly rateLimit: RateLimit | undefined;

  constructor(
    private readonly policy: AccessPolicy,
    private readonly apiKeys: ApiKeys,
    settings: Settings,
    windows: WindowStore,
  ) {
    this.rateLimit = createRateLimit(settings, windows);
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const { path } = request;
    const name =
      this.policy.needsKey(path) && !isPreflight(request)
        ? authenticate(this.apiKeys, request.headers, this.policy.isPage(path))
        : undefined;
    const refusal = name instanceof ProblemException ? name : undefined;
    if (typeof name === 'string') {
      annotateRequestLog({ api_key: name });
    }
    if (this.rateLimit === undefined || !this.policy.isLimited(path)) {
      next(refusal);
      return;
    }
    // Preflights count apart, so that a page has as many requests as another caller, and can read that it has sent too many.
    const kind = isPreflight(request) ? 'preflights of' : 'address';
    const caller = callerOf(typeof name === 'string' ? name : undefined, request, kind);
    this.rateLimit(caller, request, response, (excess?: unknown) => {
      next(excess ?? refusal);
    });
  }
}
