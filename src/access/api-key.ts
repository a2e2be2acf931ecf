import { SettingsError } from '../config/load-settings.js';

/** A caller's key, as far as the service knows it. */
export interface ApiKey {
  /** Names the caller in the log. */
  readonly name: string;
  /** SHA-256 of the key, in small hex digits. */
  readonly digest: string;
}

/** One line of a file of keys, or one item of a list. */
export interface ApiKeyEntry {
  /** Where it stands, for messages: `line 3`. */
  readonly place: string;
  readonly text: string;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;
const DIGEST = /^[0-9a-f]{64}$/i;

/**
 * Messages name the place of an entry and never its text: somebody may have put the key itself there.
 *
 * @param source of the entries, for messages
 * @throws {SettingsError} at the first entry that is not `name:digest`, or has the name or the key of an earlier one
 */
export function parseApiKeys(entries: readonly ApiKeyEntry[], source: string): ApiKey[] {
  if (entries.length === 0) {
    throw new SettingsError(`${source} has no key, but needs at least one; npm run api-key makes one.`);
  }
  const keys: (ApiKey & { readonly place: string })[] = [];
  for (const { place, text } of entries) {
    const [name = '', digestInHex = '', ...rest] = text.split(':');
    const digest = digestInHex.toLowerCase();
    const twin = keys.find((key) => key.name === name || key.digest === digest);
    const fault =
      entryFault(name, digestInHex, rest) ??
      (twin && `it has the name or the key of ${twin.place}, but each may be there only once.`);
    if (fault !== undefined) {
      throw new SettingsError(`${source}, ${place}: ${fault}`);
    }
    keys.push({ name, digest, place });
  }
  return keys;
}

function entryFault(name: string, digest: string, rest: readonly string[]): string | undefined {
  if (digest === '' || rest.length > 0) {
    return 'it must be name:digest; npm run api-key makes it.';
  }
  if (!NAME.test(name)) {
    return 'the name must be 1 to 64 letters, digits and _.- and begin with a letter or a digit.';
  }
  return DIGEST.test(digest) ? undefined : 'the digest must be the SHA-256 of the key as 64 hex digits.';
}
