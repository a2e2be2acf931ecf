import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { ProblemDetailsFilter } from '../common/problem/problem-details.filter.js';
import { ProblemException } from '../common/problem/problem.exception.js';
import { InvalidProbabilityError, ModelNotReadyError } from '../model/model.errors.js';

/** Words the model's failures, which know no HTTP, as problems. */
@Catch(ModelNotReadyError, InvalidProbabilityError)
export class ModelErrorFilter implements ExceptionFilter {
  constructor(private readonly problems: ProblemDetailsFilter) {}

  catch(error: ModelNotReadyError | InvalidProbabilityError, host: ArgumentsHost): void {
    this.problems.catch(toProblem(error), host);
  }
}

function toProblem(cause: ModelNotReadyError | InvalidProbabilityError): ProblemException {
  return cause instanceof ModelNotReadyError
    ? new ProblemException('model_not_ready', 'The model takes no requests now; try again.', { cause })
    : new ProblemException('model_output_invalid', 'The model gave no valid probability for this request.', {
        cause,
      });
}
