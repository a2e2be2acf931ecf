import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Settings } from '../../config/settings.js';
import { LONGEST_HEADERS_MS } from '../../http/http-adapter.js';
import { readTlsFiles, secureContext } from '../../http/tls-files.js';

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
    : createTlsServer(
        {
          ...options,
          ...secureContext(files),
          ALPNProtocols: ['h2'],
          handshakeTimeout: LONGEST_HEADERS_MS,
        },
        take,
      );
}
