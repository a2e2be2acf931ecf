import { isIP } from 'node:net';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { compile } from 'proxy-addr';

/** Names that proxy-addr has for networks. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** An address, a network such as 10.0.0.0/8, or the name of one, as Express takes them for `trust proxy`. */
export function IsTrustedProxy(options: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isTrustedProxy', validator: { validate: isTrustedProxy } }, options);
}

function isTrustedProxy(value: unknown): boolean {
  const [address = ''] = String(value).split('/');
  // proxy-addr alone would take the number 1 for the address 0.0.0.1.
  return (NETWORKS.includes(address) || isIP(address) !== 0) && isCompiled(String(value));
}

/** Whether Express, which leaves this to proxy-addr, takes it. It takes no network of all addresses, such as 0.0.0.0/0. */
function isCompiled(network: string): boolean {
  try {
    compile(network);
    return true;
  } catch {
    return false;
  }
}
