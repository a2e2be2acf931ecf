import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { ModelNotReadyError } from '../model/model.errors.js';
import { ModelService } from '../model/model.service.js';

/**
 * Refuses requests that arrive while the model takes none. It stands before the body is read, so that a request
 * whose body was still on its way when the shutdown began is answered.
 */
@Injectable()
export class ModelReadyMiddleware implements NestMiddleware {
  constructor(private readonly model: ModelService) {}

  use(_request: Request, _response: Response, next: NextFunction): void {
    const { status } = this.model;
    next(status === 'ready' ? undefined : new ModelNotReadyError(status));
  }
}
