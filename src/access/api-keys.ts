import { hash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from './api-key.js';
import type { ApiKeySettings } from './api-key-source.js';

/** The keys that callers may use: none until they are given. */
export class ApiKeys {
  /** Whether callers need one. */
  readonly areRequired: boolean;
  private keys: readonly { readonly name: string; readonly digest: Buffer }[] = [];

  constructor({ apiKeysFile, apiKeys }: Pick<ApiKeySettings, 'apiKeysFile' | 'apiKeys'>) {
    this.areRequired = apiKeysFile !== '' || apiKeys !== '';
  }

  /** Takes these in place of those before. */
  use(keys: readonly ApiKey[]): void {
    this.keys = keys.map(({ name, digest }) => ({ name, digest: Buffer.from(digest, 'hex') }));
  }

  /** The name of a key, if there is such a key. It takes as long for any key: all digests are compared, each wholly. */
  nameOf(key: string): string | undefined {
    const digest = hash('sha256', key, 'buffer');
    let name: string | undefined;
    for (const known of this.keys) {
      if (timingSafeEqual(known.digest, digest)) {
        name = known.name;
      }
    }
    return name;
  }
}
