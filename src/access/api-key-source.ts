import { readNamedFile, SettingsError } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { type ApiKey, parseApiKeys } from './api-key.js';

export type ApiKeySettings = Pick<Settings, 'apiKeysFile' | 'apiKeys' | 'docsAccess' | 'metricsAccess'>;

/**
 * @returns the keys that the settings name, as they are now; none if the settings name none
 * @throws {SettingsError} if they cannot be read
 */
export function readApiKeys({ apiKeysFile, apiKeys, docsAccess, metricsAccess }: ApiKeySettings): ApiKey[] {
  if (apiKeysFile !== '' && apiKeys !== '') {
    throw new SettingsError('API_KEYS_FILE and API_KEYS are both set. Set only one of them.');
  }
  if (apiKeysFile !== '') {
    return readFile(apiKeysFile);
  }
  if (apiKeys !== '') {
    const entries = apiKeys
      .split(',')
      .map((text, index) => ({ place: `item ${index + 1}`, text: text.trim() }));
    return parseApiKeys(entries, 'API_KEYS');
  }
  for (const [name, access] of Object.entries({ DOCS_ACCESS: docsAccess, METRICS_ACCESS: metricsAccess })) {
    if (access === 'key') {
      throw new SettingsError(
        `${name} is key, but there are no API keys. Set API_KEYS_FILE or API_KEYS, or ${name} to open or off.`,
      );
    }
  }
  return [];
}

function readFile(path: string): ApiKey[] {
  const entries = readNamedFile('API_KEYS_FILE', path)
    .toString()
    .split('\n')
    .map((line, index) => ({ place: `line ${index + 1}`, text: line.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  return parseApiKeys(entries, `API_KEYS_FILE ${path}`);
}
