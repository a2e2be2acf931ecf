import type { Logger } from 'pino';
import type { ApiKeys } from './api-keys.js';

const NO_NEW_MODEL = 'with WORKERS=1 a new model is loaded by a restart';

/**
 * Has SIGHUP read the file of the API keys again. If that is bad, the log says why, and the old keys stay.
 *
 * @param isSupervised whether a supervisor sees to a new model by replacing this process
 */
export function renewOnHangUp(apiKeys: ApiKeys, logger: Logger, isSupervised: boolean): void {
  process.on('SIGHUP', () => {
    if (apiKeys.areRenewable) {
      renew(apiKeys, logger);
      if (!isSupervised) {
        logger.warn(`SIGHUP renews the API keys only: ${NO_NEW_MODEL}`);
      }
    } else if (!isSupervised) {
      logger.warn(`SIGHUP is ignored: ${NO_NEW_MODEL}`);
    }
  });
}

function renew(apiKeys: ApiKeys, logger: Logger): void {
  try {
    apiKeys.renew();
    logger.info({ api_keys: apiKeys.names }, 'the API keys are renewed');
  } catch (error) {
    logger.error(
      { reason: (error as Error).message },
      'the API keys cannot be renewed, so the old ones stay',
    );
  }
}
