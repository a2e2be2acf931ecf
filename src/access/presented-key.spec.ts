import { describe, expect, it } from 'vitest';
import { ProblemException } from '../common/problem/problem.exception.js';
import { presentedKey } from './presented-key.js';

const BASIC = `Basic ${Buffer.from('anyone:k:1').toString('base64')}`;

describe('presentedKey', () => {
  it.each([
    ['no header', {}, undefined],
    ['Authorization', { authorization: 'Bearer k:1' }, 'k:1'],
    ['Authorization in another case', { authorization: 'bearer  k:1' }, 'k:1'],
    ['X-API-Key', { 'x-api-key': 'k:1' }, 'k:1'],
    ['the same key twice', { authorization: 'Bearer k:1', 'x-api-key': 'k:1' }, 'k:1'],
    ['Authorization without a key', { authorization: 'Bearer' }, undefined],
    ['another scheme', { authorization: 'Digest k:1' }, undefined],
    ['a password', { authorization: BASIC }, undefined],
    ["another scheme's credentials, beside X-API-Key", { authorization: BASIC, 'x-api-key': 'x' }, 'x'],
  ])('reads %s', (_case, headers, key) => {
    expect(presentedKey(headers, false)).toBe(key);
  });

  it('refuses two keys, without saying which', () => {
    const refusal = (): unknown => presentedKey({ authorization: 'Bearer k:1', 'x-api-key': 'k:2' }, false);
    expect(refusal).toThrow(ProblemException);
    expect(refusal).not.toThrow(/k:/);
  });

  it.each([
    ['a password', BASIC, 'k:1'],
    ['credentials without a password', `Basic ${Buffer.from('k').toString('base64')}`, undefined],
    ['credentials that are none', 'Basic %%', undefined],
    ['a bearer', 'Bearer k:1', 'k:1'],
  ])('reads %s where a password may carry the key', (_case, authorization, key) => {
    expect(presentedKey({ authorization }, true)).toBe(key);
  });
});
