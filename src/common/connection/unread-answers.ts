import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionDrain } from './connection-drain.js';

const LOOK_INTERVAL_MS = 500;

/**
 * Closes the connections whose client stops reading its answers, after one to two times `sendTimeoutMs` without
 * progress. A client that reads slowly is served.
 *
 * Node's own socket timeout knows whether the operating system has taken further bytes. It is set only where an answer
 * waits to be sent: to set it for each request would cost each of them a timer.
 */
export function closeUnreadConnections(
  server: Server,
  connections: ConnectionDrain,
  sendTimeoutMs: number,
): void {
  setInterval(() => {
    for (const socket of connections.openSockets) {
      if (socket.writableLength > 0 && socket.timeout !== sendTimeoutMs) {
        socket.setTimeout(sendTimeoutMs);
      }
    }
  }, LOOK_INTERVAL_MS).unref();

  // Node emits it for a connection that was idle for the keep-alive timeout, too. That one has no unanswered request.
  server.on('timeout', (socket: Socket) => {
    const unanswered = connections.unansweredOn(socket);
    if (unanswered.length > 0 && socket.writableLength === 0) {
      socket.setTimeout(0);
      return;
    }
    for (const { context } of unanswered) {
      context.logFields['reason'] = 'answer_not_read';
    }
    socket.destroy();
  });
}
