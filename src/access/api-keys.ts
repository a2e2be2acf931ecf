import { hash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from './api-key.js';
import { type ApiKeySettings, readApiKeys } from './api-key-source.js';

/** The keys that callers may use. */
export class ApiKeys {
  private keys: readonly ApiKey[];

  /** @throws {SettingsError} if the keys cannot be read */
  constructor(private readonly settings: ApiKeySettings) {
    this.keys = readApiKeys(settings);
  }

  /** Whether callers need one. It never changes. */
  get areRequired(): boolean {
    return this.keys.length > 0;
  }

  /** Whether reading them again may give others. */
  get areRenewable(): boolean {
    return this.settings.apiKeysFile !== '';
  }

  get names(): string[] {
    return this.keys.map(({ name }) => name);
  }

  /**
   * Reads them again.
   *
   * @throws {SettingsError} if they cannot be read; those that were known stay
   */
  renew(): void {
    this.keys = readApiKeys(this.settings);
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
