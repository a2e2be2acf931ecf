import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { problemAnswer } from '../problems/problem-answer.js';
import type { ProblemCode } from '../problems/problem-catalogue.js';
import { answerProblem } from '../problems/problem-details.filter.js';
import { ProblemException } from '../problems/problem.exception.js';
import { runInRequest } from '../requests/request-context.js';
import { RequestLog } from '../requests/request-log.js';
import { ConnectionDrain, type UnansweredRequest } from './connection-drain.js';

/** By the code of Node's parser error. */
const PROBLEM_OF_ERROR: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

const DETAIL = 'The bytes are not an HTTP request that this service accepts.';
const DETAIL_OF_BODY = 'The rest of the body did not arrive in time, or is none.';

/** A client that does not close its side of a refused connection is given so long to read the answer. */
const LINGER_MS = 2000;

/**
 * Answers and logs what Node's HTTP parser refuses before it is a request, and a CONNECT, as a problem like any other.
 * Requests that came before it on the connection are answered first.
 *
 * Two kinds of requests that Node would answer itself go the way of all others: one without a Host header, which
 * `requireValidHead` refuses, and one with an unknown Expect header, which may be ignored (RFC 9110, section 10.1.1).
 */
@Injectable()
export class RefusedConnections implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly connections: ConnectionDrain,
    private readonly requestLog: RequestLog,
  ) {}

  onModuleInit(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server & { requireHostHeader: boolean };
    server.requireHostHeader = false;
    server.on('checkExpectation', (request, response) => {
      server.emit('request', request, response);
    });
    server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
      const socket = duplex as Socket;
      // Node tells of a request once, and lets it go on.
      if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !this.connections.hasStream(socket)) {
        this.refuseUnparsable(error, socket);
      }
    });
    server.on('connect', (_request, duplex) => {
      const socket = duplex as Socket;
      // Node takes its own listeners off; without one an error of the connection would end the process.
      socket.on('error', () => socket.destroy());
      const last = this.connections.unansweredOn(socket).at(-1);
      void this.refuseAfter(last, socket, 'malformed_request', 'CONNECT');
    });
  }

  private refuseUnparsable(error: NodeJS.ErrnoException, socket: Socket): void {
    const code = PROBLEM_OF_ERROR[error.code ?? ''] ?? 'malformed_request';
    const last = this.connections.unansweredOn(socket).at(-1);
    const isClientGone = error.code === 'ECONNRESET' || !socket.writable;
    if (isClientGone || (last !== undefined && error.code === 'HPE_INVALID_EOF_STATE')) {
      // A request that is being handled has a log line of its own, which says so.
      socket.destroy();
    } else if (last !== undefined && !last.response.req.complete) {
      refuseBody(last, code);
    } else {
      void this.refuseAfter(last, socket, code, error.code);
    }
  }

  /**
   * @param last of the requests that are to be answered first
   * @param reason for the log: the code of Node's parser, or the method
   */
  private async refuseAfter(
    last: UnansweredRequest | undefined,
    socket: Socket,
    code: ProblemCode,
    reason: string | undefined,
  ): Promise<void> {
    if (last !== undefined) {
      await once(last.response, 'close');
    }
    if (!socket.writable) {
      return;
    }
    const requestId = randomUUID();
    const { status, headers, body } = problemAnswer(
      { code, detail: DETAIL, instance: '', requestId },
      { Connection: 'close' },
    );
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
    // Bytes that still come are read and dropped: a connection that is closed with unread bytes takes the answer from its client.
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
    this.requestLog.writeRefused(requestId, code, reason);
  }
}

/** The request is answered, but not without the rest of its body. */
function refuseBody({ response, context }: UnansweredRequest, code: ProblemCode): void {
  response.shouldKeepAlive = false;
  runInRequest(context, () => {
    answerProblem(new ProblemException(code, DETAIL_OF_BODY), response);
  });
}
