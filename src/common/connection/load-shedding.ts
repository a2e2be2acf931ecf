import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { problemAnswer } from '../problem/problem-answer.js';
import { requestIdOf } from '../request/request-id.js';
import type { RequestLog } from '../request/request-log.js';
import { pathOf, useOriginForm } from '../request/request-path.js';
import type { ConnectionDrain } from './connection-drain.js';
import type { ConnectionLimit } from './connection-limit.js';
import { EventLoopTurn } from './event-loop-turn.js';

const RETRY_SECONDS = 1;

/** Of one connection. Each may hold a file's chunk in memory until its client reads the answers before it. */
const MOST_UNANSWERED = 16;

const NO_TIME = `More requests came than can be answered in time; try again in ${RETRY_SECONDS} s.`;
const TOO_MANY_PIPELINED = `A connection may have ${MOST_UNANSWERED} unanswered requests; use more connections.`;

export interface LoadSheddingOptions {
  readonly connectionLimit: ConnectionLimit;
  readonly connections: ConnectionDrain;
  readonly maxEventLoopDelayMs: number;
  /** Of what is answered whatever the load. */
  readonly exemptPaths: readonly RegExp[];
  /** Without them a browser hides from its page why a request was refused. */
  readonly setCorsHeaders: (request: IncomingMessage, response: ServerResponse) => void;
  readonly requestLog: RequestLog;
}

/**
 * Refuses requests that the event loop has no time for, before Express and Nest spend any on them: with more to do than
 * there is time, what a refusal costs is taken from those that are answered.
 */
export function shedLoad(server: Server, options: LoadSheddingOptions): void {
  const { connectionLimit, connections, exemptPaths } = options;
  const turn = new EventLoopTurn(options.maxEventLoopDelayMs);
  const listeners = server.listeners('request') as RequestListener[];
  /** Nothing that comes after a request that was one too many is read. */
  const closing = new WeakSet<Socket>();

  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { socket } = request;
    if (closing.has(socket)) {
      return;
    }
    useOriginForm(request);
    const isSurplus = connectionLimit.isSurplus(socket);
    response.shouldKeepAlive &&= !isSurplus;
    if (connections.unansweredOn(socket).length >= MOST_UNANSWERED) {
      closing.add(socket);
      response.shouldKeepAlive = false;
      refuse(request, response, TOO_MANY_PIPELINED);
    } else if (
      (turn.isFull() || isSurplus) &&
      !exemptPaths.some((pattern) => pattern.test(pathOf(request)))
    ) {
      refuse(request, response, NO_TIME);
    } else {
      for (const listener of listeners) {
        listener(request, response);
      }
    }
  });

  function refuse(request: IncomingMessage, response: ServerResponse, detail: string): void {
    const { status, headers, body } = problemAnswer(
      { code: 'overloaded', detail, instance: pathOf(request), requestId: requestIdOf(request) },
      { 'Retry-After': String(RETRY_SECONDS) },
    );
    options.setCorsHeaders(request, response);
    response.writeHead(status, headers).end(body);
    options.requestLog.countShed(request.method ?? '');
  }
}
