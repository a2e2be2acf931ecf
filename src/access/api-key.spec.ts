import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../config/load-settings.js';
import { parseApiKeys } from './api-key.js';

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function parse(...texts: string[]): ReturnType<typeof parseApiKeys> {
  return parseApiKeys(
    texts.map((text, index) => ({ place: `line ${index + 1}`, text })),
    'the file',
  );
}

describe('parseApiKeys', () => {
  it('takes names with the digests of their keys, in either case', () => {
    const keys = parse(`crm:${digestOf('a')}`, `mobile-app_2.0:${digestOf('b').toUpperCase()}`);
    expect(keys.map(({ name, digest }) => [name, digest])).toEqual([
      ['crm', digestOf('a')],
      ['mobile-app_2.0', digestOf('b')],
    ]);
  });

  const GOOD = `crm:${digestOf('a')}`;
  const NO_ENTRY = 'it must be name:digest; npm run api-key makes it.';
  const BAD_NAME = 'the name must be 1 to 64 letters, digits and _.- and begin with a letter or a digit.';
  const BAD_DIGEST = 'the digest must be the SHA-256 of the key as 64 hex digits.';
  const REPEATED = 'it has the name or the key of line 1, but each may be there only once.';

  it.each([
    ['a key itself', 'cmk_secret', NO_ENTRY],
    ['no digest', 'secret:', NO_ENTRY],
    ['two digests', `secret:${digestOf('b')}:${digestOf('c')}`, NO_ENTRY],
    ['no name', `:${digestOf('b')}`, BAD_NAME],
    ['a name with a space', `the secret:${digestOf('b')}`, BAD_NAME],
    ['a long name', `${'secret'.repeat(11)}:${digestOf('b')}`, BAD_NAME],
    ['a key instead of its digest', 'app:cmk_secret', BAD_DIGEST],
    ['a digest that is too short', `secret:${digestOf('b').slice(1)}`, BAD_DIGEST],
    ['a digest that is too long', `secret:${digestOf('b')}0`, BAD_DIGEST],
    ['the name of another', `crm:${digestOf('b')}`, REPEATED],
    ['the key of another', `secret:${digestOf('a').toUpperCase()}`, REPEATED],
  ])('refuses %s, and names the line but not its text', (_case, text, fault) => {
    expect(() => parse(GOOD, text)).toThrow(new SettingsError(`the file, line 2: ${fault}`));
  });

  it('refuses an empty list', () => {
    expect(() => parse()).toThrow(/^the file has no key, but needs at least one/);
  });
});
