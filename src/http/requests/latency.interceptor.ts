import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { currentRequest } from './request-context.js';
import { RequestLog } from './request-log.js';

/**
 * Logs the latency of each request that reaches a handler, from its arrival to the end of its answer.
 *
 * It reads the status when the response closes: an RxJS `finalize` would run before the exception filter and see
 * 200 on an error. Requests that no handler sees (an unknown path, an unparsable body) are logged by the
 * middleware that opened their context.
 */
@Injectable()
export class LatencyInterceptor implements NestInterceptor {
  constructor(private readonly requestLog: RequestLog) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context = currentRequest();
    if (context !== undefined) {
      const http = execution.switchToHttp();
      const response = http.getResponse<Response>();
      context.handled = true;
      response.once('close', () => {
        this.requestLog.write(context, http.getRequest<Request>(), response);
      });
    }
    return next.handle();
  }
}
