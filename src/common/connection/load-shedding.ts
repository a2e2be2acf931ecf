import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { problemBody } from '../problem/problem-body.js';
import { PROBLEMS } from '../problem/problem-catalogue.js';
import { REQUEST_ID_HEADER } from '../request/request-context.js';
import type { RequestLog } from '../request/request-log.js';
import type { ConnectionLimit } from './connection-limit.js';
import { EventLoopTurn } from './event-loop-turn.js';

const RETRY_SECONDS = 1;

export interface LoadSheddingOptions {
  readonly connectionLimit: ConnectionLimit;
  readonly maxEventLoopDelayMs: number;
  /** Of what is answered whatever the load. */
  readonly exemptPaths: readonly RegExp[];
  readonly requestLog: RequestLog;
}

/**
 * Refuses requests that the event loop has no time for, before Express and Nest spend any on them: with more to do than
 * there is time, what a refusal costs is taken from those that are answered.
 */
export function shedLoad(server: Server, options: LoadSheddingOptions): void {
  const { connectionLimit, exemptPaths, requestLog } = options;
  const turn = new EventLoopTurn(options.maxEventLoopDelayMs);
  const listeners = server.listeners('request') as RequestListener[];

  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const isBeyondLimit = connectionLimit.isBeyond(request.socket);
    response.shouldKeepAlive &&= !isBeyondLimit;
    if ((turn.isFull() || isBeyondLimit) && !exemptPaths.some((pattern) => pattern.test(pathOf(request)))) {
      refuse(pathOf(request), response);
      requestLog.countShed(request.method ?? '');
      return;
    }
    for (const listener of listeners) {
      listener(request, response);
    }
  });
}

function refuse(instance: string, response: ServerResponse): void {
  const requestId = randomUUID();
  const body = JSON.stringify(
    problemBody({
      code: 'overloaded',
      detail: `More requests came than can be answered in time; try again in ${RETRY_SECONDS} s.`,
      instance,
      requestId,
    }),
  );
  response
    .writeHead(PROBLEMS.overloaded.status, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      'Retry-After': RETRY_SECONDS,
      [REQUEST_ID_HEADER]: requestId,
    })
    .end(body);
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}
