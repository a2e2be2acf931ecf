import { clientAddress, type Peer } from './client-address.js';

/**
 * Whose requests are counted together. A request without a valid key counts by address, so that nobody can use up the requests
 * of another's key.
 *
 * @param kind of requests that count apart for an address
 */
export function callerOf(keyName: string | undefined, peer: Peer, kind = 'address'): string {
  return keyName === undefined ? `${kind} ${clientAddress(peer)}` : `key ${keyName}`;
}
