import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { ServiceProcess, startService } from '../support/service.js';

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
      'line 2: API_KEY_FILE is not a setting; the nearest is API_KEYS_FILE.',
    ],
    [
      'a line that is not an assignment',
      'API_KEYS: secret',
      'line 1 is neither NAME=value nor NAME="value".',
    ],
    [
      'a byte order mark',
      '\uFEFFAPI_KEYS_FILE=secret',
      'it begins with a byte order mark; save it as UTF-8 without one.',
    ],
    ['UTF-16', Buffer.from('\uFEFFAPI_KEYS=secret', 'utf16le'), 'it is not UTF-8 text; save it as UTF-8.'],
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
      'The environment variable API_KEY_FILE is not a setting and is not read. Did you mean API_KEYS_FILE?',
      'The environment variable api_keys is not a setting and is not read. Did you mean API_KEYS?',
    ]);
    expect(service.process.output()).not.toContain('secret');
  });
});

describe('settings are read once, at the start', () => {
  const ENV_FILE = `MODEL_PATH=${resolve('models/churn_model.onnx')}\n`;

  it.each([
    ['another setting', `API_KEYS=${keyEntry('crm', CRM_KEY)}`],
    ['an unknown setting', 'API_KEY=a'],
  ])('so that workers that come later do not see %s in .env', async (_case, line) => {
    const directory = directoryWith(ENV_FILE);
    const service = await startService({ WORKERS: '2' }, directory);
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    writeFileSync(join(directory, '.env'), ENV_FILE + line);
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    await service.process.lineCount(({ msg }) => msg === 'listening', 4);
    const workers = service.process.lines.filter(({ msg }) => msg === 'listening').slice(-2);
    for (const [index, { pid }] of workers.entries()) {
      process.kill(pid as number, 'SIGKILL');
      await service.process.lineCount(({ msg }) => msg === 'the worker is replaced', index + 1);
    }
    for (let time = 0; time < 4; time++) {
      const answer = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' });
      expect(answer.status).toBe(200);
    }
    expect(await service.stop()).toBe(0);
  });

  it('so that SIGHUP with WORKERS=1 does not see a change of .env', async () => {
    const directory = directoryWith(ENV_FILE);
    const service = await startService({}, directory);
    writeFileSync(join(directory, '.env'), `${ENV_FILE}API_KEYS=${keyEntry('crm', CRM_KEY)}`);
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg.startsWith('SIGHUP loads no new model'));
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});
