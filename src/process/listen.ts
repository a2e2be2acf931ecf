import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { SettingsError } from '../config/load-settings.js';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** The setting that names the port. */
  readonly setting: string;
  /** On Linux. Elsewhere it is one. */
  readonly socketCount: number;
}

/**
 * libuv takes one new connection from a socket in each turn of the event loop. Under overload a turn takes 50 ms and more: the last of 500 new
 * callers would wait for half a minute. The kernel spreads them over the sockets that share a port.
 */
export const LISTENING_SOCKETS = 16;

/**
 * @returns the address and port at which the service can be reached from this machine
 * @throws {SettingsError} if the address cannot be listened on
 */
export async function listen(server: Server, address: Address): Promise<string> {
  const { host, port, setting, socketCount } = address;
  try {
    if (socketCount === 1 || process.platform !== 'linux') {
      await open(server, host, port, false);
    } else {
      await openSharing(server, address);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'the address is in use' : message;
    throw new SettingsError(`Cannot listen on ${host}:${port}: ${reason}. Set ${setting} or HOST.`);
  }
  const given = server.address() as AddressInfo;
  const isEveryAddress = ['0.0.0.0', '::'].includes(given.address);
  const name = isEveryAddress ? 'localhost' : given.family === 'IPv6' ? `[${given.address}]` : given.address;
  return `${name}:${given.port}`;
}

async function open(server: Server, host: string, port: number, reusePort: boolean): Promise<void> {
  server.listen({ host, port, reusePort });
  await once(server, 'listening');
}

async function openSharing(server: Server, { host, port, socketCount }: Address): Promise<void> {
  await requireFree(host, port);
  // As node:http and node:tls have them.
  const options = { allowHalfOpen: !(server instanceof TlsServer), noDelay: true };
  const others = Array.from({ length: socketCount - 1 }, () =>
    createServer(options, (socket) => server.emit('connection', socket)),
  );
  closeTogether(server, others);
  await open(server, host, port, true);
  const { port: given } = server.address() as AddressInfo;
  await Promise.all(others.map(async (other) => open(other, host, given, true)));
}

/** Sockets that share a port also share it with those of another process of the same user. */
async function requireFree(host: string, port: number): Promise<void> {
  const server = createServer();
  await open(server, host, port, false);
  server.close();
  await once(server, 'close');
}

/** The server is closed when the connections of all sockets are. */
function closeTogether(server: Server, others: readonly Server[]): void {
  const close = server.close.bind(server);
  server.close = (callback) => {
    const closed = others.map(async (other) => once(other.close(), 'close'));
    return close((error) => {
      void Promise.all(closed).then(() => callback?.(error));
    });
  };
}
