import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../../config/settings.js';

/** Beyond MAX_CONNECTIONS so many are taken that still answer probes, and those that come then are closed at once. */
const SPARE_CONNECTIONS = 100;
/** A line for each connection that is closed would help its sender to fill the disk. */
const LOG_INTERVAL_MS = 10_000;

/** Bounds the connections that are open at the same time. */
@Injectable()
export class ConnectionLimit {
  private readonly surplus = new WeakSet<Socket>();
  private openCount = 0;
  private droppedCount = 0;
  private loggedAtMs = -Infinity;

  constructor(
    private readonly settings: Settings,
    @InjectPinoLogger(ConnectionLimit.name) private readonly logger: PinoLogger,
  ) {}

  watch(server: Server): void {
    const { maxConnections } = this.settings;
    server.maxConnections = maxConnections + SPARE_CONNECTIONS;
    server.on('drop', () => {
      this.logDropped();
    });
    server.on('connection', (socket: Socket) => {
      this.openCount++;
      if (this.openCount > maxConnections) {
        this.surplus.add(socket);
      }
      socket.once('close', () => this.openCount--);
    });
  }

  get connectionCount(): number {
    return this.openCount;
  }

  /** Whether the connection was opened when there were MAX_CONNECTIONS already. */
  isBeyond(socket: Socket): boolean {
    return this.surplus.has(socket);
  }

  private logDropped(): void {
    this.droppedCount++;
    const nowMs = performance.now();
    if (nowMs - this.loggedAtMs >= LOG_INTERVAL_MS) {
      this.loggedAtMs = nowMs;
      this.logger.warn(
        { dropped_connections: this.droppedCount, max_connections: this.settings.maxConnections },
        'connections are closed unanswered: too many are open',
      );
    }
  }
}
