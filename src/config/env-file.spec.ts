import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvFile } from './env-file.js';

function read(text: string): ReturnType<typeof readEnvFile> {
  return readEnvFile(Buffer.from(text));
}

const NO_ASSIGNMENT = 'is neither NAME=value nor NAME="value"';

describe('readEnvFile', () => {
  it('takes comments, blank lines, exports and quoted values of several lines', () => {
    const text = [
      '# the service',
      '',
      '  export PORT=8080 # not 8000',
      'HOST = "127.0.0.1" # here',
      "LOG_LEVEL='debug'",
      'API_KEYS="crm:00,',
      'app:11"',
      'TRUST_PROXY= ',
      'DOCS_ACCESS=off',
    ].join('\r\n');
    expect(read(text)).toEqual({
      variables: {
        PORT: '8080',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'debug',
        API_KEYS: 'crm:00,\napp:11',
        TRUST_PROXY: '',
        DOCS_ACCESS: 'off',
      },
      faults: [],
    });
  });

  it.each(['OTEL_TRACES_SAMPLER', 'NODE_ENV', 'TZ', 'COMPOSE_PROFILES', 'DOCKER_HOST'])(
    'takes %s, which others read',
    (name) => {
      expect(read(`${name}=a`)).toEqual({ variables: { [name]: 'a' }, faults: [] });
    },
  );

  it.each([
    [
      'a misspelt name',
      'API_KEY_FILE=secret',
      'line 1: API_KEY_FILE is not a setting; the nearest is API_KEYS_FILE',
    ],
    ['small letters', '\napi_keys=secret', 'line 2: api_keys is not a setting; the nearest is API_KEYS'],
    ['a hyphen', 'API-KEYS=secret', 'line 1: API-KEYS is not a setting; the nearest is API_KEYS'],
    [
      'what Node reads only at its start',
      'NODE_OPTIONS=secret',
      expect.stringMatching(/^line 1: NODE_OPTIONS is/),
    ],
    ['a colon', 'PORT=1\n# why\nAPI_KEYS: secret', `line 3 ${NO_ASSIGNMENT}`],
    ['a colon with a value that has an equals sign', 'API_KEYS: secret=', `line 1 ${NO_ASSIGNMENT}`],
    ['a name alone', 'API_KEYS', `line 1 ${NO_ASSIGNMENT}`],
    ['no name', '=secret', `line 1 ${NO_ASSIGNMENT}`],
    ['two names', 'API KEYS=secret', `line 1 ${NO_ASSIGNMENT}`],
    ['quotes that do not end', 'PORT=1\nAPI_KEYS="secret\nHOST=a', `line 2 ${NO_ASSIGNMENT}`],
    ['text after quotes', 'API_KEYS="secret"a', `line 1 ${NO_ASSIGNMENT}`],
    ['quotes that end in the next line', 'NODE_ENV="a\nAPI_KEYS="secret"', `line 1 ${NO_ASSIGNMENT}`],
    ['lines that end as on an old Macintosh', 'PORT=1\rAPI_KEYS=secret\r', `line 1 ${NO_ASSIGNMENT}`],
    ['a line after a value of several lines', 'API_KEYS="secret\n,b"\nno', `line 3 ${NO_ASSIGNMENT}`],
  ])('refuses %s, and says where it stands but no value', (_case, text, fault) => {
    const { faults } = read(text);
    expect(faults).toEqual([fault]);
    expect(faults.join()).not.toContain('secret');
  });

  it('names all faults', () => {
    expect(read('no\nPROT=1\nPORT=1\nno').faults).toHaveLength(3);
  });

  it.each([
    ['a byte order mark', Buffer.from('\uFEFFPORT=1'), /byte order mark/],
    ['UTF-16', Buffer.from('\uFEFFPORT=1', 'utf16le'), /not UTF-8/],
    ['UTF-16 of the other order', Buffer.from('\uFEFFPORT=1', 'utf16le').swap16(), /not UTF-8/],
    ['UTF-16 without a byte order mark', Buffer.from('PORT=1', 'utf16le'), /not UTF-8/],
    ['Latin-1', Buffer.from('HOST=\u00E4', 'latin1'), /not UTF-8/],
  ])('refuses %s', (_case, bytes, fault) => {
    expect(readEnvFile(bytes).faults).toEqual([expect.stringMatching(fault)]);
  });

  it('gives the values that Node gives', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '=', '#', '\\n', '"', "'", '`') });
    const quoted = fc
      .tuple(
        fc.constantFrom('"', "'", '`'),
        fc.string({ unit: fc.constantFrom('a', ' ', '=', '#', '\\n', '\n') }),
      )
      .map(([quote, inner]) => quote + inner + quote);
    const value = fc.oneof(
      text.map((rest) => `a${rest}`),
      quoted,
      quoted.map((before) => `${before} # why`),
    );
    const assignment = fc
      .tuple(
        fc.constantFrom('', ' ', 'export '),
        fc.constantFrom('PORT', 'HOST', 'NODE_ENV'),
        fc.constantFrom('=', ' = '),
        value,
      )
      .map((parts) => parts.join(''));
    const statement = fc.oneof(assignment, fc.constantFrom('', '# PORT="', 'HOST='));
    fc.assert(
      fc.property(fc.array(statement), fc.constantFrom('\n', '\r\n'), (statements, lineEnd) => {
        const file = statements.join(lineEnd);
        expect(read(file)).toEqual({ variables: parseEnv(file), faults: [] });
      }),
    );
  });
});
