import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionDrain } from './connection-drain.js';
import { problemBody } from '../problem/problem-body.js';
import { type ProblemCode, PROBLEMS } from '../problem/problem-catalogue.js';
import { REQUEST_ID_HEADER } from '../request/request-context.js';
import type { RequestLog } from '../request/request-log.js';

/** By Node's code for what it cannot take for a request. */
const PROBLEM_OF_ERROR: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

/**
 * Answers and logs what Node's HTTP parser refuses before it is a request, as a problem like any other.
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
    // Without a writable socket the client is gone; a request that is being handled has a log line of its own.
    if (!socket.writable || connectionDrain.isAnswering(socket as Socket)) {
      socket.destroy();
      return;
    }
    const code = PROBLEM_OF_ERROR[error.code ?? ''] ?? 'malformed_request';
    const { status } = PROBLEMS[code];
    const requestId = randomUUID();
    const body = JSON.stringify(
      problemBody({ code, detail: 'What was sent is no HTTP request.', instance: '', requestId }),
    );
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
        `Content-Type: application/problem+json; charset=utf-8\r\n` +
        `X-Content-Type-Options: nosniff\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n` +
        `${REQUEST_ID_HEADER}: ${requestId}\r\n` +
        `Connection: close\r\n\r\n${body}`,
    );
    requestLog.writeRefused(requestId, code, error.code);
  });
}
