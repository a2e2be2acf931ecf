import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';
import { addressWithoutPort } from './address-without-port.js';

/** Where a request comes from. */
export interface Peer {
  /** As trusted proxies say. */
  readonly ip?: string | undefined;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The address of the caller: that of the connection, or the one that trusted proxies forwarded.
 * An IPv6 address counts as its network of 56 bits, since one customer of a provider often has all of that.
 */
export function clientAddress({ ip = '', socket }: Peer): string {
  const address = addressWithoutPort(ip);
  return ipKeyGenerator(isIP(address) === 0 ? (socket.remoteAddress ?? '') : address);
}
