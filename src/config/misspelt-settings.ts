import type { Logger } from 'pino';
import { settingNameMeantBy } from './setting-names.js';

/** Warns of variables of the environment that look like misspelt settings. Their values may be secrets. */
export function warnOfMisspeltSettings(logger: Logger): void {
  for (const name of Object.keys(process.env)) {
    const setting = settingNameMeantBy(name);
    if (setting !== undefined) {
      logger.warn(
        `The environment variable ${name} is not a setting and is not read. Did you mean ${setting}?`,
      );
    }
  }
}
