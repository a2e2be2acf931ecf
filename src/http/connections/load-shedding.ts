import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../../config/settings.js';
import { problemAnswer } from '../problems/problem-answer.js';
import { ProblemException } from '../problems/problem.exception.js';
import { CorsHeaders } from '../requests/cors-headers.js';
import { isAskedByMachines } from '../requests/machine-paths.js';
import { rawHeader } from '../requests/raw-header.js';
import { requestIdOf } from '../requests/request-id.js';
import { RequestLog } from '../requests/request-log.js';
import { pathOf, useOriginForm } from '../requests/request-path.js';
import { ConnectionDrain } from './connection-drain.js';
import { ConnectionLimit } from './connection-limit.js';
import { EventLoopTurn } from './event-loop-turn.js';

const RETRY_SECONDS = 1;

/** Of one connection. Answers that wait for their turn are kept in memory. */
const MOST_UNANSWERED = 16;

const NO_TIME = `More requests came than can be answered in time; try again in ${RETRY_SECONDS} s.`;
const TOO_MANY_PIPELINED = `A connection may have ${MOST_UNANSWERED} unanswered requests; use more connections.`;

/** Refuses a call that comes when the turn of the event loop is full. */
export function noTime(): ProblemException {
  return new ProblemException('overloaded', NO_TIME, { headers: { 'Retry-After': String(RETRY_SECONDS) } });
}

/** Node would parse what follows, and keep each request until all before it are answered. Only the piece at hand is parsed. */
function discardFurther(socket: Socket): void {
  socket.removeAllListeners('data').on('data', () => undefined);
}

/**
 * Refuses the requests that the event loop has no time for, before Express and Nest spend any on them: under overload each
 * microsecond of a refusal is taken from the requests that are answered.
 */
@Injectable()
export class LoadShedding implements OnModuleInit {
  private readonly turn: EventLoopTurn;
  /** Connections with a request too many. Requests after it are ignored. */
  private readonly closing = new WeakSet<Socket>();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly connections: ConnectionDrain,
    private readonly connectionLimit: ConnectionLimit,
    private readonly corsHeaders: CorsHeaders,
    private readonly requestLog: RequestLog,
    { maxEventLoopDelayMs }: Settings,
  ) {
    this.turn = new EventLoopTurn(maxEventLoopDelayMs);
  }

  onModuleInit(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    const [express] = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (this.takes(request, response)) {
        express?.(request, response);
      }
    });
  }

  /** Whether this turn of the event loop has taken enough requests in. To be asked for each. */
  get isTurnFull(): boolean {
    return this.turn.isFull();
  }

  private takes(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = request;
    if (this.closing.has(socket)) {
      return false;
    }
    useOriginForm(request);
    const isSurplus = this.connectionLimit.isSurplus(socket);
    response.shouldKeepAlive &&= !isSurplus;
    if (this.connections.unansweredOn(socket).length >= MOST_UNANSWERED) {
      this.closing.add(socket);
      discardFurther(socket);
      response.shouldKeepAlive = false;
      this.refuse(request, response, TOO_MANY_PIPELINED);
      return false;
    }
    // The turn begins with the first request that it may take in: what came before must not fill it.
    if (!isAskedByMachines(pathOf(request)) && (isSurplus || this.turn.isFull())) {
      this.refuse(request, response, NO_TIME);
      return false;
    }
    return true;
  }

  private refuse(request: IncomingMessage, response: ServerResponse, detail: string): void {
    const { status, headers, body } = problemAnswer(
      {
        code: 'overloaded',
        detail,
        instance: pathOf(request),
        requestId: requestIdOf(rawHeader(request, 'x-request-id')),
      },
      { 'Retry-After': String(RETRY_SECONDS) },
    );
    response.shouldKeepAlive &&= !this.connections.isDraining;
    response
      .writeHead(status, { ...headers, ...this.corsHeaders.of(rawHeader(request, 'origin')) })
      .end(body);
    this.requestLog.countShed(request.method ?? '');
  }
}
