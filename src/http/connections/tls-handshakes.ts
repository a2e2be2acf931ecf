import type { Server, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../../config/settings.js';
import { CountedEvents } from './counted-events.js';

/**
 * Bounds the connections whose TLS handshake goes on to MAX_CONNECTIONS: beyond it the oldest is closed. One that takes too
 * long is closed by Node.
 */
@Injectable()
export class TlsHandshakes implements OnModuleInit, OnModuleDestroy {
  /** By the address of the client, in the order in which they were opened: Node does not tell which socket became which. */
  private readonly pending = new Map<string, Socket>();
  private readonly failed = new CountedEvents();

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly settings: Settings,
    @InjectPinoLogger(TlsHandshakes.name) private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.watch(this.adapterHost.httpAdapter.getHttpServer() as Server);
  }

  watch(server: Server): void {
    if (!(server instanceof TlsServer)) {
      return;
    }
    server.on('connection', (socket: Socket) => {
      this.add(socket);
    });
    server.on('secureConnection', (socket) => this.pending.delete(addressOf(socket)));
    // Node's own listener would have it refused as a request that cannot be parsed.
    server.removeAllListeners('tlsClientError');
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy();
      this.logFailed(error.code ?? error.message);
    });
  }

  onModuleDestroy(): void {
    this.pending.forEach((socket) => socket.destroy());
  }

  private add(socket: Socket): void {
    const address = addressOf(socket);
    this.pending.set(address, socket);
    socket.once('close', () => {
      if (this.pending.get(address) === socket) {
        this.pending.delete(address);
      }
    });
    if (this.pending.size > this.settings.maxConnections) {
      const [[oldestAddress, oldest] = [address, socket]] = this.pending;
      this.pending.delete(oldestAddress);
      oldest.destroy();
      this.logFailed('too_many');
    }
  }

  private logFailed(reason: string): void {
    this.failed.add((count) => {
      this.logger.warn({ failed_handshakes: count, reason }, 'TLS handshakes failed');
    });
  }
}

function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
