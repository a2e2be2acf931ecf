import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { SettingsError } from '../config/load-settings.js';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** The setting that names the port. */
  readonly setting: string;
}

/**
 * @returns the address and port at which the service can be reached from this machine
 * @throws {SettingsError} if the address cannot be listened on
 */
export async function listen(server: Server, { host, port, setting }: Address): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'the address is in use' : message;
    throw new SettingsError(`Cannot listen on ${host}:${port}: ${reason}. Set ${setting} or HOST.`);
  }
  const address = server.address() as AddressInfo;
  const isEveryAddress = ['0.0.0.0', '::'].includes(address.address);
  const name = isEveryAddress
    ? 'localhost'
    : address.family === 'IPv6'
      ? `[${address.address}]`
      : address.address;
  return `${name}:${address.port}`;
}
