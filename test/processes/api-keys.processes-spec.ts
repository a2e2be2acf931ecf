import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { API_KEYS, BEARER, CRM_KEY, keyEntry, writeKeysFile } from '../support/api-keys.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { ServiceProcess, startService } from '../support/service.js';

describe('a service without API keys', () => {
  it('warns in production that anyone may call, and nowhere else', async () => {
    const production = await startService({ NODE_ENV: 'production', WORKERS: '2' });
    await production.process.line(({ msg }) => msg === 'all workers are ready');
    const warnings = production.process.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ msg }) => msg)).toEqual([expect.stringMatching(/^No API keys are set/)]);
    expect((await post(`${production.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await production.stop();

    const withKeys = await startService({ NODE_ENV: 'production', API_KEYS });
    const development = await startService({});
    await Promise.all([withKeys.stop(), development.stop()]);
    expect([withKeys, development].flatMap(({ process }) => process.lines)).not.toContainEqual(
      expect.objectContaining({ level: 'warn' }),
    );
  });
});

describe('API_KEYS_FILE', () => {
  it('may have comments, empty lines and the line ends of Windows', async () => {
    const file = writeKeysFile(`# callers\r\n\r\n${keyEntry('crm', CRM_KEY)}\r\n  # the end`);
    const service = await startService({ API_KEYS_FILE: file });
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, BEARER)).status).toBe(200);
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(401);
    await service.stop();
  });

  it.each([
    [
      'a line that is not an entry',
      `# crm\n\ncmk_secret`,
      /^API_KEYS_FILE \S+, line 3: it must be name:digest/,
    ],
    [
      'a name that is there twice',
      `${keyEntry('crm', 'cmk_secret')}\n${keyEntry('crm', 'b')}`,
      /^API_KEYS_FILE \S+, line 2: it has the name or the key of line 1/,
    ],
    ['no key', '# none\n', /^API_KEYS_FILE \S+ has no key/],
  ])('with %s ends the start with one line that has no secret', async (_case, text, message) => {
    const process = ServiceProcess.spawn({ API_KEYS_FILE: writeKeysFile(text) });
    expect(await process.exit()).toBe(1);
    expect(process.lines).toEqual([
      expect.objectContaining({ level: 'fatal', msg: expect.stringMatching(message) as string }),
    ]);
    expect(process.output()).not.toMatch(/secret|[0-9a-f]{64}/);
    expect(process.noise).toEqual([]);
  });

  it.each([
    [
      { API_KEYS_FILE: '/no/keys' },
      "API_KEYS_FILE cannot be read: ENOENT: no such file or directory, open '/no/keys'",
    ],
    [
      { API_KEYS_FILE: '/no/keys', API_KEYS },
      'API_KEYS_FILE and API_KEYS are both set. Set only one of them.',
    ],
    [
      { API_KEYS: `${keyEntry('crm', CRM_KEY)},cmk_secret` },
      'API_KEYS, item 2: it must be name:digest; npm run api-key makes it.',
    ],
    [
      { DOCS_ACCESS: 'key' },
      'DOCS_ACCESS is key, but there are no API keys. Set API_KEYS_FILE or API_KEYS, or DOCS_ACCESS to open or off.',
    ],
    [
      { METRICS_ACCESS: 'key' },
      'METRICS_ACCESS is key, but there are no API keys. Set API_KEYS_FILE or API_KEYS, or METRICS_ACCESS to open or off.',
    ],
  ])('or API_KEYS is refused in one line: $1', async (environment, msg) => {
    for (const WORKERS of ['1', '2']) {
      const process = ServiceProcess.spawn({ ...environment, WORKERS });
      expect(await process.exit()).toBe(1);
      expect(process.lines).toEqual([expect.objectContaining({ level: 'fatal', msg })]);
    }
  });
});

describe('npm run api-key', () => {
  const make = (...names: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ['scripts/api-key.js', ...names]);

  it('makes a key and its line, with which the service starts', async () => {
    const { stdout, stderr } = await make('crm');
    expect(stdout).toMatch(/^crm:[0-9a-f]{64}\n$/);
    const key = /^cmk_[\w-]{43}$/m.exec(stderr)?.[0] ?? '';
    const service = await startService({ API_KEYS_FILE: writeKeysFile(stdout) });
    const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { 'X-API-Key': key });
    expect(answer.status).toBe(200);
    await service.stop();
  });

  it('makes another key each time', async () => {
    expect((await make('crm')).stdout).not.toBe((await make('crm')).stdout);
  });

  it.each([[[]], [['a', 'b']], [['a b']], [['a:b']], [['x'.repeat(65)]]])('refuses %j', async (names) => {
    await expect(make(...names)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Usage: npm run api-key -- NAME/) as string,
    });
  });
});
