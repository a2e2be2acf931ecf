import type { Logger } from 'pino';
import type { ApiKeys } from './api-keys.js';
import type { KnownApiKeys } from './known-api-keys.js';

const NO_NEW_MODEL = 'with WORKERS=1 a new model is loaded by a restart';

/** Uses the API keys in a process that serves alone, and renews them on SIGHUP. */
export function renewOnHangUp(known: KnownApiKeys, apiKeys: ApiKeys, logger: Logger): void {
  apiKeys.use(known.known);
  const onHangUp = async (): Promise<void> => {
    await known.renew((keys) => {
      apiKeys.use(keys);
    });
    logger.warn(
      known.areRenewable
        ? `SIGHUP renews the API keys only: ${NO_NEW_MODEL}`
        : `SIGHUP is ignored: ${NO_NEW_MODEL}`,
    );
  };
  process.on('SIGHUP', () => void onHangUp());
}
