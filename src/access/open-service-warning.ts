import type { Logger } from 'pino';
import { isProduction } from '../config/is-production.js';
import type { ApiKeySettings } from './api-key-source.js';

/** Warns an operator who may not know that the service is open to all. */
export function warnIfOpen({ apiKeysFile, apiKeys }: ApiKeySettings, logger: Logger): void {
  if (apiKeysFile === '' && apiKeys === '' && isProduction()) {
    logger.warn(
      'No API keys are set, so anyone who reaches the port may call. Set API_KEYS_FILE, or restrict access to the port.',
    );
  }
}
