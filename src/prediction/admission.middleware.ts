import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ConnectionLimit } from '../common/connection/connection-limit.js';
import { EventLoopTurn } from '../common/request/event-loop-turn.js';
import { currentRequest } from '../common/request/request-context.js';
import { Settings } from '../config/settings.js';
import { ModelNotReadyError } from '../model/model.errors.js';
import { ModelService } from '../model/model.service.js';
import { overloaded } from './overloaded.problem.js';
import { REQUEST_TIMEOUT_HEADER, requestBudgetMs } from './request-budget.js';

/**
 * Refuses what could not be answered, or not in time, before its body is read, and gives each other request its
 * deadline. It stands before predictions only, so that probes are answered whatever the load.
 */
@Injectable()
export class AdmissionMiddleware implements NestMiddleware {
  private readonly turn = new EventLoopTurn();

  constructor(
    private readonly model: ModelService,
    private readonly connections: ConnectionLimit,
    private readonly settings: Settings,
  ) {}

  use(request: Request, _response: Response, next: NextFunction): void {
    const { requestTimeoutMs, maxEventLoopDelayMs } = this.settings;
    if (!this.model.canPredict) {
      next(new ModelNotReadyError(this.model.status));
      return;
    }
    if (this.turn.isLongerThan(maxEventLoopDelayMs) || this.connections.isBeyond(request.socket)) {
      next(overloaded(0));
      return;
    }
    const context = currentRequest();
    if (context !== undefined) {
      const budgetMs = requestBudgetMs(request.get(REQUEST_TIMEOUT_HEADER), requestTimeoutMs);
      context.deadlineAtMs = context.arrivedAtMs + budgetMs;
    }
    next();
  }
}
