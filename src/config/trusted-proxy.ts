import { isIP } from 'node:net';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** Names that Express has for networks. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** An address, a network such as 10.0.0.0/8, or the name of one, as Express takes them for `trust proxy`. */
export function IsTrustedProxy(options: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isTrustedProxy', validator: { validate: isTrustedProxy } }, options);
}

function isTrustedProxy(value: unknown): boolean {
  const [address = '', prefix, ...rest] = String(value).split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  if (bits === undefined || prefix === undefined) {
    return prefix === undefined && (bits !== undefined || NETWORKS.includes(address));
  }
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}
