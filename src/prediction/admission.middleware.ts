import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { currentRequest } from '../http/requests/request-context.js';
import { Settings } from '../config/settings.js';
import { ModelNotReadyError } from '../model/model.errors.js';
import { ModelService } from '../model/model.service.js';
import { REQUEST_TIMEOUT_HEADER, requestBudgetMs } from '../http/requests/request-budget.js';

/** Refuses a request that the model cannot answer now, before its body is read, and gives every other its deadline. */
@Injectable()
export class AdmissionMiddleware implements NestMiddleware {
  constructor(
    private readonly model: ModelService,
    protected readonly settings: Settings,
  ) {}

  /** Most that a request may take. */
  protected get timeoutMs(): number {
    return this.settings.requestTimeoutMs;
  }

  use(request: Request, _response: Response, next: NextFunction): void {
    if (!this.model.canPredict) {
      next(new ModelNotReadyError(this.model.status));
      return;
    }
    const context = currentRequest();
    if (context !== undefined) {
      const budgetMs = requestBudgetMs(request.get(REQUEST_TIMEOUT_HEADER), this.timeoutMs);
      context.deadlineAtMs = context.arrivedAtMs + budgetMs;
    }
    next();
  }
}
