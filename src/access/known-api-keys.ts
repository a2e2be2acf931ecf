import type { Logger } from 'pino';
import type { ApiKey } from './api-key.js';
import { type ApiKeySettings, readApiKeys } from './api-key-source.js';

/** The keys as they were read last without a fault. */
export class KnownApiKeys {
  private keys: readonly ApiKey[];

  /** @throws {SettingsError} if they cannot be read */
  constructor(
    private readonly settings: ApiKeySettings,
    private readonly logger: Logger,
  ) {
    this.keys = readApiKeys(settings);
  }

  get known(): readonly ApiKey[] {
    return this.keys;
  }

  /** Whether they are in a file, which may change. */
  get areRenewable(): boolean {
    return this.settings.apiKeysFile !== '';
  }

  /**
   * Reads their file again, if there is one, and logs when they are used. If the file is bad, the log says why, and the
   * old ones stay.
   *
   * @param use gives the new keys to their users
   */
  async renew(use: (keys: readonly ApiKey[]) => unknown): Promise<void> {
    if (!this.areRenewable) {
      return;
    }
    try {
      this.keys = readApiKeys(this.settings);
    } catch (error) {
      this.logger.error(
        { reason: (error as Error).message },
        'the API keys cannot be renewed, so the old ones stay',
      );
      return;
    }
    const names = this.keys.map(({ name }) => name);
    await use(this.keys);
    this.logger.info({ api_keys: names }, 'the API keys are renewed');
  }
}
