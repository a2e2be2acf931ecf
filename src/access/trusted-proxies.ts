import { compile } from 'proxy-addr';
import type { Settings } from '../config/settings.js';
import { addressWithoutPort } from './address-without-port.js';

/** Whether what an address says of those before it is believed, as Express asks for `trust proxy`. */
export function trustedProxies({ trustProxy }: Pick<Settings, 'trustProxy'>): (address: string) => boolean {
  const isTrusted = compile([...trustProxy]);
  return (address) => isTrusted(addressWithoutPort(address), 0);
}
