import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { type ProblemCode, PROBLEMS } from '../problems/problem-catalogue.js';
import { HttpMetrics } from '../http.metrics.js';
import { isAskedByMachines } from './machine-paths.js';
import type { RequestContext } from './request-context.js';
import { pathOf } from './request-path.js';

/** Status in the log, never on the wire, of a request whose client left before the answer (nginx's convention). */
export const CLIENT_CLOSED_REQUEST = 499;
const LONGEST_LOGGED_PATH = 200;

/** A line for each request that is shed would cost as much as to refuse it. */
const SHED_INTERVAL_MS = 1000;
/** A refusal is too short to be worth measuring. */
const AT_ONCE_MS = 0;
/** The method of a request that could not be read. */
const NO_METHOD = 'none';

const MESSAGE = 'request completed';

export interface EndedRequest {
  readonly method: string;
  /** Absent if it reached none. */
  readonly route: string | undefined;
  readonly path: string;
  readonly status: number;
}

/** Writes the one log line of a request, and counts it. */
@Injectable()
export class RequestLog {
  private shedCount = 0;

  constructor(
    @InjectPinoLogger('Request') private readonly logger: PinoLogger,
    private readonly metrics: HttpMetrics,
  ) {}

  write(context: RequestContext, request: Request, response: Response): void {
    this.writeEnded(context, {
      method: request.method,
      route: routeOf(request),
      path: pathOf(request),
      status: response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST,
    });
  }

  writeEnded(context: RequestContext, { method, route, path, status }: EndedRequest): void {
    const latencyMs = performance.now() - context.arrivedAtMs;
    this.metrics.answered(method, route, status, latencyMs);
    const code = context.logFields['code'] as ProblemCode | undefined;
    if (code !== undefined) {
      this.metrics.problem(code);
    }
    context.trace?.end({ route, status, code });
    this.logger[level(status, route)](
      {
        request_id: context.id,
        method,
        route: route ?? null,
        ...(route === undefined && { path: path.slice(0, LONGEST_LOGGED_PATH) }),
        status,
        latency_ms: Math.round(latencyMs * 1000) / 1000,
        ...context.logFields,
      },
      MESSAGE,
    );
  }

  /** Counts a request that was shed. One line a second has their number. */
  countShed(method: string): void {
    this.metrics.answered(method, undefined, PROBLEMS.overloaded.status, AT_ONCE_MS);
    this.metrics.problem('overloaded');
    if (this.shedCount++ === 0) {
      setTimeout(() => {
        const shed = this.shedCount;
        this.shedCount = 0;
        this.logger.warn({ shed_requests: shed }, 'requests were refused because there was no time for them');
      }, SHED_INTERVAL_MS).unref();
    }
  }

  /** Logs bytes that were refused before they were a request. @param reason the code of Node's parser */
  writeRefused(requestId: string, code: ProblemCode, reason: string | undefined): void {
    const { status } = PROBLEMS[code];
    this.metrics.answered(NO_METHOD, undefined, status, AT_ONCE_MS);
    this.metrics.problem(code);
    this.logger.warn({ request_id: requestId, method: null, route: null, status, code, reason }, MESSAGE);
  }
}

/** The pattern of the route, not the path, so that the values of the field are few. */
function routeOf(request: Request): string | undefined {
  const { path } = (request.route ?? {}) as { path?: string };
  // While a middleware of a controller's root route has the request, Nest's pattern ends in a slash.
  return path?.replace(/(?<=.)\/$/, '');
}

function level(status: number, route: string | undefined): 'debug' | 'info' | 'warn' | 'error' {
  if (route !== undefined && isAskedByMachines(route)) {
    return 'debug';
  }
  return status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
}
