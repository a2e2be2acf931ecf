import type { handleUnaryCall } from '@grpc/grpc-js';
import { logFieldsOf } from '../../http/problems/problem-details.filter.js';
import { annotateRequestLog } from '../../http/requests/request-context.js';
import { problemOf, statusOf } from './problem-status.js';

/** Answers calls by a function. What it throws ends the call as the problem that it means. */
export function unaryCall<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const answered = (async () => answer(call.request))();
    answered.then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        const problem = problemOf(error);
        annotateRequestLog(logFieldsOf(problem));
        callback(statusOf(problem));
      },
    );
  };
}
