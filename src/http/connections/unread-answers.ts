import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../../config/settings.js';
import { ConnectionDrain } from './connection-drain.js';

const LOOK_INTERVAL_MS = 500;

/**
 * Closes the connections whose client stops reading its answers, after one to two times SEND_TIMEOUT_MS without
 * progress. A client that reads slowly is served.
 *
 * Node's own socket timeout knows whether the operating system has taken further bytes. It is set only where an answer
 * waits to be sent: to set it for each request would cost each of them a timer.
 */
@Injectable()
export class UnreadAnswers implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly connections: ConnectionDrain,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    setInterval(() => {
      this.watchUnsent();
    }, LOOK_INTERVAL_MS).unref();
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    server.on('timeout', (socket: Socket) => {
      this.closeIfUnread(socket);
    });
  }

  private watchUnsent(): void {
    const { sendTimeoutMs } = this.settings;
    for (const socket of this.connections.openSockets) {
      if (socket.writableLength > 0 && !this.connections.hasStream(socket)) {
        if (socket.timeout !== sendTimeoutMs) {
          socket.setTimeout(sendTimeoutMs);
        }
        this.stopReading(socket);
      }
    }
  }

  /** Until all answers are sent: each byte that is read would start the time anew. */
  private stopReading(socket: Socket): void {
    const unanswered = this.connections.unansweredOn(socket);
    const last = unanswered.at(-1);
    const areComplete = unanswered.every(({ response }) => response.req.complete);
    if (last !== undefined && areComplete && !socket.isPaused()) {
      socket.pause();
      last.response.once('close', () => socket.resume());
    }
  }

  /** Also closes a connection that was idle for the keep-alive timeout: it has no unanswered request. */
  private closeIfUnread(socket: Socket): void {
    const unanswered = this.connections.unansweredOn(socket);
    if (this.connections.hasStream(socket) || (unanswered.length > 0 && socket.writableLength === 0)) {
      socket.setTimeout(0);
      return;
    }
    for (const { context } of unanswered) {
      context.logFields['reason'] = 'answer_not_read';
    }
    socket.destroy();
  }
}
