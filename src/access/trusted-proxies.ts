import { compile } from 'proxy-addr';
import type { Settings } from '../config/settings.js';
import { addressWithoutPort } from './address-without-port.js';

/** Express's `trust proxy`: whether to believe the addresses that a proxy at this address forwards. */
export function trustedProxies({ trustProxy }: Pick<Settings, 'trustProxy'>): (address: string) => boolean {
  const isTrusted = compile([...trustProxy]);
  return (address) => isTrusted(addressWithoutPort(address), 0);
}
