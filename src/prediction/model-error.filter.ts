import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { ProblemDetailsFilter } from '../common/problem/problem-details.filter.js';
import { ProblemException } from '../common/problem/problem.exception.js';
import {
  DeadlineExceededError,
  InvalidProbabilityError,
  ModelNotReadyError,
  ModelOverloadedError,
} from '../model/model.errors.js';
import { overloaded } from './overloaded.problem.js';

type ModelError = ModelNotReadyError | ModelOverloadedError | DeadlineExceededError | InvalidProbabilityError;

/** Words the model's failures, which know no HTTP, as problems. */
@Catch(ModelNotReadyError, ModelOverloadedError, DeadlineExceededError, InvalidProbabilityError)
export class ModelErrorFilter implements ExceptionFilter {
  constructor(private readonly problems: ProblemDetailsFilter) {}

  catch(error: ModelError, host: ArgumentsHost): void {
    this.problems.catch(toProblem(error), host);
  }
}

function toProblem(cause: ModelError): ProblemException {
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
