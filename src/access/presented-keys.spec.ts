import { describe, expect, it } from 'vitest';
import { presentedKeys } from './presented-keys.js';

const BASIC = `Basic ${Buffer.from('anyone:k:1').toString('base64')}`;

describe('presentedKeys', () => {
  it.each([
    ['no header', {}, []],
    ['Authorization', { authorization: 'Bearer k:1' }, ['k:1']],
    ['Authorization in another case', { authorization: 'bearer  k:1' }, ['k:1']],
    ['X-API-Key', { 'x-api-key': 'k:1' }, ['k:1']],
    ['the same key twice', { authorization: 'Bearer k:1', 'x-api-key': 'k:1' }, ['k:1']],
    ['two keys', { authorization: 'Bearer k:1', 'x-api-key': 'k:2' }, ['k:1', 'k:2']],
    ['Authorization without a key', { authorization: 'Bearer' }, []],
    ['another scheme', { authorization: 'Digest k:1' }, []],
    ['a password', { authorization: BASIC }, []],
    ["another scheme's credentials, beside X-API-Key", { authorization: BASIC, 'x-api-key': 'x' }, ['x']],
  ])('reads %s', (_case, headers, keys) => {
    expect(presentedKeys(headers, false)).toEqual(keys);
  });

  it.each([
    ['a password', BASIC, ['k:1']],
    ['credentials without a password', `Basic ${Buffer.from('k').toString('base64')}`, []],
    ['invalid credentials', 'Basic %%', []],
    ['a bearer', 'Bearer k:1', ['k:1']],
  ])('reads %s where a password may carry the key', (_case, authorization, keys) => {
    expect(presentedKeys({ authorization }, true)).toEqual(keys);
  });
});
