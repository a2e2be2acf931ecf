import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionInjector } from '@grpc/grpc-js';
import type { Settings } from '../../config/settings.js';
import type { ConnectionLimit } from '../../http/connections/connection-limit.js';
import type { TlsHandshakes } from '../../http/connections/tls-handshakes.js';
import { createListener } from './grpc-listener.js';

const LOOK_INTERVAL_MS = 500;

/** A call that has not ended. */
export interface OpenCall {
  /** Ends the call if its client takes too long. @returns whether its connection must be closed for that */
  endIfStalled(nowMs: number): boolean;
  /** Ends the call if it would go on for as long as its client pleases. */
  leave(): void;
}

interface Connection {
  readonly socket: Socket;
  readonly calls: Set<OpenCall>;
}

/**
 * The connections of the port of gRPC. The listener is our own: so cluster and drain see to it as to the one of HTTP, and its
 * connections count among MAX_CONNECTIONS. gRPC is handed each connection.
 */
export class GrpcConnections {
  readonly server: Server;
  /** By the address and port of the client. */
  private readonly open = new Map<string, Connection>();
  private drained: Promise<void> | undefined;

  constructor(
    private readonly injector: ConnectionInjector,
    private readonly limit: ConnectionLimit,
    handshakes: TlsHandshakes,
    private readonly settings: Settings,
  ) {
    this.server = createListener(settings, (socket) => {
      this.add(socket);
    });
    limit.watch(this.server);
    handshakes.watch(this.server);
    setInterval(() => {
      this.closeStalled();
    }, LOOK_INTERVAL_MS).unref();
  }

  /** Whether a client came when all connections were in use. */
  isSurplus(peer: string): boolean {
    const socket = this.open.get(peer)?.socket;
    return socket !== undefined && this.limit.isSurplus(socket);
  }

  track(peer: string, call: OpenCall): void {
    this.open.get(peer)?.calls.add(call);
  }

  untrack(peer: string, call: OpenCall): void {
    this.open.get(peer)?.calls.delete(call);
  }

  /**
   * Takes no new connection, tells the clients to open theirs elsewhere (GOAWAY), and answers the calls that came before. What
   * is not answered after SHUTDOWN_TIMEOUT_MS is broken off.
   */
  async drain(): Promise<void> {
    this.drained ??= this.drainOnce();
    return this.drained;
  }

  private async drainOnce(): Promise<void> {
    const { shutdownTimeoutMs } = this.settings;
    const isClosed = this.server.listening ? once(this.server, 'close') : Promise.resolve();
    this.server.close();
    for (const { calls } of this.open.values()) {
      for (const call of calls) {
        call.leave();
      }
    }
    this.injector.drain(shutdownTimeoutMs);
    const timeout = new AbortController();
    await Promise.race([
      isClosed,
      delay(shutdownTimeoutMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    for (const { socket } of this.open.values()) {
      socket.destroy();
    }
    this.injector.destroy();
  }

  private add(socket: Socket): void {
    if (this.drained !== undefined) {
      // Its TLS handshake has ended too late. Clients open another one elsewhere.
      socket.destroy();
      return;
    }
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.open.set(peer, { socket, calls: new Set() });
    socket.once('close', () => {
      // The client may have opened the next one from the same port already.
      if (this.open.get(peer)?.socket === socket) {
        this.open.delete(peer);
      }
    });
    socket.on('error', () => socket.destroy());
    this.injector.injectConnection(socket);
  }

  private closeStalled(): void {
    const nowMs = performance.now();
    for (const { socket, calls } of this.open.values()) {
      for (const call of calls) {
        if (call.endIfStalled(nowMs)) {
          socket.destroy();
          break;
        }
      }
    }
  }
}
