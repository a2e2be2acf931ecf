import type { Logger } from 'pino';
import type { ApiKeys } from './api-keys.js';
import type { KnownApiKeys } from './known-api-keys.js';

/** Uses the API keys in a process that serves alone, and renews them on SIGHUP. */
export function renewOnHangUp(known: KnownApiKeys, apiKeys: ApiKeys, logger: Logger): void {
  apiKeys.use(known.known);
  const onHangUp = async (): Promise<void> => {
    await known.renew((keys) => {
      apiKeys.use(keys);
    });
    logger.warn('SIGHUP loads no new model: with WORKERS=1 a restart does');
  };
  process.on('SIGHUP', () => void onHangUp());
}
