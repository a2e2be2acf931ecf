import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Settings } from '../../config/settings.js';
import { readTlsFiles, tlsServerOptions } from '../../http/tls-files.js';

/**
 * A server that hands over connections, with TLS after the handshake.
 *
 * @throws {SettingsError} if the files of TLS cannot be used
 */
export function createListener(settings: Settings, take: (socket: Socket) => void): Server {
  const files = readTlsFiles(settings);
  const options = { noDelay: true };
  return files === undefined
    ? createServer(options, take)
    : createTlsServer({ ...options, ...tlsServerOptions(files, 'h2') }, take);
}
