import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { annotateRequestLog, currentRequest } from '../requests/request-context.js';
import { requestIdOf } from '../requests/request-id.js';
import { pathOf } from '../requests/request-path.js';
import { allowedMethods } from './allowed-methods.js';
import { problemAnswer } from './problem-answer.js';
import { type ProblemCode, PROBLEMS } from './problem-catalogue.js';
import { ProblemException } from './problem.exception.js';

/** Answers any exception as `application/problem+json` (RFC 9457) and adds it to the request's log line. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    answerProblem(exception, host.switchToHttp().getResponse<Response>());
  }
}

/** Answers the current request with the problem that an exception means. */
export function answerProblem(exception: unknown, response: Response): void {
  const request = response.req;
  const problem = toProblem(exception, request);
  const { code, detail, errors, errorCount, headers } = problem;
  annotateRequestLog(logFieldsOf(problem));
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const requestId = currentRequest()?.id ?? requestIdOf(request.headers['x-request-id']);
  const answer = problemAnswer(
    { code, detail, instance: pathOf(request), requestId, errors, errorCount },
    headers,
  );
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** What the log line of a request that ended in a problem says of it. */
export function logFieldsOf({ code, errors, cause }: ProblemException): Record<string, unknown> {
  return {
    code,
    ...(errors !== undefined && { invalid_fields: errors.map(({ pointer }) => pointer).slice(0, 10) }),
    ...(PROBLEMS[code].status >= 500 && { err: cause }),
  };
}

export function internalError(cause: unknown): ProblemException {
  return new ProblemException('internal_error', 'The failure is logged under the request id.', { cause });
}

/** Problems for the refusals of Express and Nest, by status. */
const PROBLEM_OF_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed_request',
  412: 'precondition_failed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  416: 'range_not_satisfiable',
};

function toProblem(exception: unknown, request: Request): ProblemException {
  if (exception instanceof ProblemException) {
    return exception;
  }
  if (exception instanceof HttpException) {
    const status = exception.getStatus();
    if (status === 404) {
      return unroutable(request);
    }
    const code = PROBLEM_OF_STATUS[status];
    if (code !== undefined) {
      return new ProblemException(code, exception.message, { cause: exception });
    }
  }
  return internalError(exception);
}

function unroutable(request: Request): ProblemException {
  const { app, method } = request;
  const path = pathOf(request);
  const methods = allowedMethods(app as Express, path);
  const hint =
    allowedMethods(app as Express, '/docs').length === 0 ? '.' : '; the API is described at /docs.';
  return methods.length === 0
    ? new ProblemException('not_found', `Nothing is served at ${path}${hint}`)
    : new ProblemException('method_not_allowed', `${path} takes ${methods.join(', ')}, not ${method}.`, {
        headers: { Allow: methods.join(', ') },
      });
}
