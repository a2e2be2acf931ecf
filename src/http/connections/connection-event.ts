import type { Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** The event with which a server hands over a connection on which requests come. With TLS that is after the handshake. */
export function connectionEvent(server: Server): 'connection' | 'secureConnection' {
  return server instanceof TlsServer ? 'secureConnection' : 'connection';
}
