import { once } from 'node:events';
import { Server } from 'node:http';
import { Server as TcpServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Response } from 'express';
import { Gauge, Registry } from 'prom-client';
import { Settings } from '../../config/settings.js';
import { connectionEvent } from './connection-event.js';
import type { RequestContext } from '../requests/request-context.js';

export interface UnansweredRequest {
  readonly response: Response;
  readonly context: RequestContext;
}

/**
 * Ends the connections when the service shuts down. Node closes only those that are idle after a request; it would wait
 * for the others as long as their clients please.
 */
@Injectable()
export class ConnectionDrain implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  /**
   * The requests under way on each open connection; more than one if its client pipelines. There is no Set of all of
   * them: V8 chains the tables that a growing and shrinking Set leaves behind, and so kept each request's objects until
   * they were old. The scavenges took four times as long.
   */
  private readonly unanswered = new Map<Socket, UnansweredRequest[]>();
  private draining = false;
  private server: Server | undefined;

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    registry: Registry,
  ) {
    const countInFlight = (): number => this.requestsInFlight;
    new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests that are not answered yet.',
      registers: [registry],
      collect() {
        this.set(countInFlight());
      },
    });
  }

  onModuleInit(): void {
    const server = this.adapterHost.httpAdapter.getHttpServer() as Server;
    this.server = server;
    server.on(connectionEvent(server), (socket: Socket) => {
      this.unanswered.set(socket, []);
      socket.once('close', () => this.unanswered.delete(socket));
    });
    // Node calls it when it closes the listener.
    server.closeIdleConnections = () => {
      void this.closeIdleConnections(server);
    };
  }

  /** Closes the connection after this response if the service is shutting down by then. */
  track(response: Response, context: RequestContext): void {
    this.unanswered.get(response.req.socket)?.push({ response, context });
    response.shouldKeepAlive &&= !this.isDraining;
  }

  untrack(response: Response): void {
    const requests = this.unanswered.get(response.req.socket) ?? [];
    requests.splice(
      requests.findIndex((request) => request.response === response),
      1,
    );
  }

  /** Whether each answer is the last of its connection. */
  get isDraining(): boolean {
    return this.draining;
  }

  get openSockets(): Iterable<Socket> {
    return this.unanswered.keys();
  }

  private get requestsInFlight(): number {
    return this.responses.length;
  }

  private get responses(): Response[] {
    return [...this.unanswered.values()].flat().map(({ response }) => response);
  }

  /** The requests under way on the connection. */
  unansweredOn(socket: Socket): readonly UnansweredRequest[] {
    return this.unanswered.get(socket) ?? [];
  }

  /** Whether a request on the connection is answered while it arrives, in time of its own. */
  hasStream(socket: Socket): boolean {
    return this.unansweredOn(socket).some(({ context }) => context.isStream);
  }

  /**
   * Takes no new connection, and answers what still comes on the open ones until each is closed: after its next answer,
   * or by the keep-alive timeout that its client was told of. So a client loses no request when another
   * process takes over.
   */
  async retire(): Promise<void> {
    this.closeAfterAnswers();
    if (this.server !== undefined) {
      const closed = once(this.server, 'close');
      // http.Server's own close would break the connections that are idle.
      TcpServer.prototype.close.call(this.server);
      const { keepAliveTimeoutMs, shutdownTimeoutMs } = this.settings;
      await Promise.race([closed, delay(keepAliveTimeoutMs + shutdownTimeoutMs)]);
    }
  }

  onModuleDestroy(): void {
    this.closeAfterAnswers();
    for (const socket of this.unanswered.keys()) {
      if (socket.bytesRead === 0) {
        socket.destroy();
      }
    }
    setTimeout(() => {
      this.server?.closeAllConnections();
    }, this.settings.shutdownTimeoutMs).unref();
  }

  /** Closes each connection after its last answer. Idle ones stay open, since their next request may be on its way. */
  closeAfterAnswers(): void {
    this.draining = true;
    for (const requests of this.unanswered.values()) {
      const last = requests.at(-1);
      if (last !== undefined) {
        last.response.shouldKeepAlive = false;
      }
    }
  }

  /** The listener is closed by then; the last requests still have to be logged. */
  async onApplicationShutdown(): Promise<void> {
    await allClosed(this.responses);
  }

  /** Node would also close the connections whose answer is written, but not sent yet. */
  private async closeIdleConnections(server: Server): Promise<void> {
    for (;;) {
      const unsent = this.responses.filter(({ writableEnded }) => writableEnded);
      if (unsent.length === 0) {
        break;
      }
      await allClosed(unsent);
    }
    Server.prototype.closeIdleConnections.call(server);
  }
}

async function allClosed(responses: readonly Response[]): Promise<void> {
  await Promise.all(responses.map(async (response) => once(response, 'close')));
}
