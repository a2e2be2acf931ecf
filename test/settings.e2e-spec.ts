import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ServiceProcess, startService } from './support/service.js';

/** A working directory with this `.env`, removed after the test. */
function directoryWith(envFile: string | Buffer): string {
  const directory = mkdtempSync(join(tmpdir(), 'churn-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  writeFileSync(join(directory, '.env'), envFile);
  return directory;
}

describe.each(['1', '2'])('with WORKERS=%s', (WORKERS) => {
  it.each([
    [
      'a misspelt setting',
      'PORT=0\nAPI_KEY_FILE=secret',
      'line 2: API_KEY_FILE is no setting; the nearest is API_KEYS_FILE.',
    ],
    ['a line that is no assignment', 'API_KEYS: secret', 'line 1 is neither NAME=value nor NAME="value".'],
    [
      'a byte order mark',
      '\uFEFFAPI_KEYS_FILE=secret',
      'it begins with a byte order mark; save it as UTF-8 without one.',
    ],
    ['UTF-16', Buffer.from('\uFEFFAPI_KEYS=secret', 'utf16le'), 'it is no UTF-8 text; save it as UTF-8.'],
  ])('%s in .env ends the start, in one line without a value', async (_case, envFile, fault) => {
    const process = ServiceProcess.spawn({ WORKERS }, directoryWith(envFile));
    expect(await process.exit()).toBe(1);
    expect(process.lines).toEqual([
      expect.objectContaining({ level: 'fatal', msg: `The file .env is refused: ${fault}` }),
    ]);
    expect(process.output()).not.toContain('secret');
  });

  it('a variable of the environment that looks like a setting gets one warning without its value', async () => {
    const service = await startService({
      WORKERS,
      API_KEY_FILE: 'secret',
      api_keys: 'secret',
      HOSTNAME: 'a',
      REDIS_PORT: '6379',
    });
    if (WORKERS !== '1') {
      await service.process.line(({ msg }) => msg === 'all workers are ready');
    }
    expect(await service.stop()).toBe(0);
    const warnings = service.process.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ msg }) => msg)).toEqual([
      'The environment variable API_KEY_FILE is no setting and is not read. Is API_KEYS_FILE meant?',
      'The environment variable api_keys is no setting and is not read. Is API_KEYS meant?',
    ]);
    expect(service.process.output()).not.toContain('secret');
  });
});
