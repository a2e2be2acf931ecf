import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { answerProblem } from '../http/problems/problem-details.filter.js';
import { ProblemException } from '../http/problems/problem.exception.js';
import {
  DeadlineExceededError,
  InvalidProbabilityError,
  ModelNotReadyError,
  ModelOverloadedError,
} from '../model/model.errors.js';
import { overloaded } from './overloaded.problem.js';

const MODEL_ERRORS = [
  ModelNotReadyError,
  ModelOverloadedError,
  DeadlineExceededError,
  InvalidProbabilityError,
] as const;

type ModelError = InstanceType<(typeof MODEL_ERRORS)[number]>;

/** Words the model's failures, which know no HTTP, as problems. */
@Catch(...MODEL_ERRORS)
export class ModelErrorFilter implements ExceptionFilter {
  catch(error: ModelError, host: ArgumentsHost): void {
    answerProblem(problemOfModelError(error), host.switchToHttp().getResponse<Response>());
  }
}

export function isModelError(error: unknown): error is ModelError {
  return MODEL_ERRORS.some((kind) => error instanceof kind);
}

export function problemOfModelError(cause: ModelError): ProblemException {
  if (cause instanceof ModelOverloadedError) {
    return overloaded(cause.waitMs);
  }
  if (cause instanceof DeadlineExceededError) {
    return new ProblemException('deadline_exceeded', 'The prediction was not ready in time.');
  }
  if (cause instanceof ModelNotReadyError) {
    return new ProblemException('model_not_ready', 'The model takes no requests now; try again.', { cause });
  }
  return new ProblemException(
    'model_output_invalid',
    'The model gave no valid probability for this request.',
    {
      cause,
    },
  );
}
