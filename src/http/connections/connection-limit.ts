import type { Server, Socket } from 'node:net';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Gauge, Registry } from 'prom-client';
import { Settings } from '../../config/settings.js';
import { connectionEvent } from './connection-event.js';
import { CountedEvents } from './counted-events.js';

/** Beyond MAX_CONNECTIONS so many are kept open for probes. */
const SPARE_CONNECTIONS = 100;

/**
 * Bounds the connections that are open at the same time. A connection beyond the bound is surplus: it gets answers to
 * probes only. When there is no room for another surplus connection, the oldest one is closed, so that a probe always
 * gets in.
 *
 * `server.maxConnections` does neither: beyond it no probe gets in, and node:cluster hands a connection that is beyond
 * the bound of every worker from one to the next without end.
 */
@Injectable()
export class ConnectionLimit implements OnModuleInit {
  /** In the order in which they were opened. */
  private readonly surplus = new Set<Socket>();
  private openCount = 0;
  private readonly dropped = new CountedEvents();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    @InjectPinoLogger(ConnectionLimit.name) private readonly logger: PinoLogger,
    registry: Registry,
  ) {
    const count = (): number => this.openCount;
    new Gauge({
      name: 'http_connections',
      help: 'Open connections.',
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  }

  onModuleInit(): void {
    this.watch(this.adapterHost.httpAdapter.getHttpServer() as Server);
  }

  /** Counts the connections of a server from now on. */
  watch(server: Server): void {
    server.on(connectionEvent(server), (socket: Socket) => {
      this.openCount++;
      if (this.openCount > this.settings.maxConnections) {
        this.addSurplus(socket);
      }
      socket.once('close', () => {
        this.openCount--;
        this.surplus.delete(socket);
        if (this.openCount <= this.settings.maxConnections) {
          this.surplus.clear();
        }
      });
    });
  }

  /** Whether all MAX_CONNECTIONS are open, so that a new caller gets no prediction. */
  get isFull(): boolean {
    return this.openCount >= this.settings.maxConnections;
  }

  /** Whether the connection was opened when there were MAX_CONNECTIONS already, as there have been ever since. */
  isSurplus(socket: Socket): boolean {
    return this.surplus.has(socket);
  }

  private addSurplus(socket: Socket): void {
    this.surplus.add(socket);
    if (this.surplus.size > SPARE_CONNECTIONS) {
      const [oldest = socket] = this.surplus;
      this.surplus.delete(oldest);
      oldest.destroy();
      this.dropped.add((count) => {
        this.logger.warn(
          { dropped_connections: count, max_connections: this.settings.maxConnections },
          'connections are closed unanswered: too many are open',
        );
      });
    }
  }
}
