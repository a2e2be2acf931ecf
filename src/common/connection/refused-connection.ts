import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionDrain, UnansweredRequest } from './connection-drain.js';
import { problemBody } from '../problem/problem-body.js';
import { answerProblem } from '../problem/problem-details.filter.js';
import { ProblemException } from '../problem/problem.exception.js';
import { type ProblemCode, PROBLEMS } from '../problem/problem-catalogue.js';
import { REQUEST_ID_HEADER, runInRequest } from '../request/request-context.js';
import type { RequestLog } from '../request/request-log.js';

/** By Node's code for what it cannot take for a request. */
const PROBLEM_OF_ERROR: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

const DETAIL_OF_BODY = 'The rest of the body did not arrive in time, or is none.';

/**
 * Answers and logs what Node's HTTP parser refuses before it is a request, and the wish to have a tunnel, as a problem
 * like any other.
 *
 * Two kinds of requests that Node would answer itself go the way of all others: one without a Host header, which
 * `requireHost` refuses, and one with an unknown Expect header, which may be ignored (RFC 9110, section 10.1.1).
 */
export function answerRefusedConnections(
  server: Server,
  requestLog: RequestLog,
  connectionDrain: ConnectionDrain,
): void {
  (server as Server & { requireHostHeader: boolean }).requireHostHeader = false;
  server.on('checkExpectation', (request, response) => {
    server.emit('request', request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const code = PROBLEM_OF_ERROR[error.code ?? ''] ?? 'malformed_request';
    const unanswered = connectionDrain.unansweredOn(socket as Socket).at(-1);
    const isClientGone = error.code === 'ECONNRESET' || !socket.writable;
    if (isClientGone || (unanswered !== undefined && error.code === 'HPE_INVALID_EOF_STATE')) {
      // A request that is being handled has a log line of its own, which says so.
      socket.destroy();
    } else if (unanswered === undefined) {
      refuse(socket, code, error.code);
    } else {
      refuseRest(unanswered, code);
    }
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, 'malformed_request', 'CONNECT');
  });

  /** @param reason for the log: the code of Node's parser, or the method */
  function refuse(socket: Duplex, code: ProblemCode, reason: string | undefined): void {
    const { status } = PROBLEMS[code];
    const requestId = randomUUID();
    const detail = 'What was sent is no HTTP request that this service takes.';
    const body = JSON.stringify(problemBody({ code, detail, instance: '', requestId }));
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
        `Content-Type: application/problem+json; charset=utf-8\r\n` +
        `X-Content-Type-Options: nosniff\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n` +
        `${REQUEST_ID_HEADER}: ${requestId}\r\n` +
        `Connection: close\r\n\r\n${body}`,
    );
    requestLog.writeRefused(requestId, code, reason);
  }
}

/** The request that is being handled is answered, whatever follows it; but not without the rest of its body. */
function refuseRest({ response, context }: UnansweredRequest, code: ProblemCode): void {
  response.shouldKeepAlive = false;
  if (!response.req.complete) {
    runInRequest(context, () => {
      answerProblem(new ProblemException(code, DETAIL_OF_BODY), response);
    });
  }
}
