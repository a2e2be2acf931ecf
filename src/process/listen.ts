import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SettingsError } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';

/**
 * @returns the URL at which the service can be reached from this machine
 * @throws {SettingsError} if the address cannot be listened on
 */
export async function listen(server: Server, { host, port }: Settings): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'the address is in use' : message;
    throw new SettingsError(`Cannot listen on ${host}:${port}: ${reason}. Set PORT or HOST.`);
  }
  const address = server.address() as AddressInfo;
  const isEveryAddress = ['0.0.0.0', '::'].includes(address.address);
  const name = isEveryAddress
    ? 'localhost'
    : address.family === 'IPv6'
      ? `[${address.address}]`
      : address.address;
  const scheme = server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${name}:${address.port}`;
}
