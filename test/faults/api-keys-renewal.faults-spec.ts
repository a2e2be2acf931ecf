import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APP_KEY, CRM_KEY, keyEntry, writeKeysFile } from '../support/api-keys.js';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { type Service, startService } from '../support/service.js';
import { ALL_READY, says } from '../support/two-workers.js';

const RENEWED = 'the API keys are renewed';
const KEPT = 'the API keys cannot be renewed, so the old ones stay';

/** Statuses for the two keys, each asked over a connection of its own. */
async function statuses({ url }: Service): Promise<number[]> {
  const answers = [CRM_KEY, APP_KEY].map((key) =>
    post(`${url}/predict`, HIGH_RISK_CUSTOMER, { 'X-API-Key': key, Connection: 'close' }),
  );
  return (await Promise.all(answers)).map(({ status }) => status);
}

describe('SIGHUP with WORKERS=1', () => {
  it('renews the keys, keeps them if the file is bad, and says that a model needs a restart', async () => {
    const file = writeKeysFile(keyEntry('crm', CRM_KEY));
    const service = await startService({ API_KEYS_FILE: file });
    expect(await statuses(service)).toEqual([200, 401]);

    writeFileSync(file, keyEntry('app', APP_KEY));
    service.process.signal('SIGHUP');
    expect(await service.process.line(says(RENEWED))).toMatchObject({ level: 'info', api_keys: ['app'] });
    expect(
      await service.process.line(says('SIGHUP loads no new model: with WORKERS=1 a restart does')),
    ).toMatchObject({ level: 'warn' });
    expect(await statuses(service)).toEqual([401, 200]);

    writeFileSync(file, 'cmk_secret');
    service.process.signal('SIGHUP');
    expect(await service.process.line(says(KEPT))).toMatchObject({
      level: 'error',
      reason: expect.stringMatching(/^API_KEYS_FILE \S+, line 1: it must be name:digest/) as string,
    });
    expect(await statuses(service)).toEqual([401, 200]);
    expect(service.process.output()).not.toContain('cmk_secret');
    expect(await service.stop()).toBe(0);
  });

  it('is ignored if the keys are in no file', async () => {
    const service = await startService({ API_KEYS: keyEntry('crm', CRM_KEY) });
    service.process.signal('SIGHUP');
    await service.process.line(says('SIGHUP loads no new model: with WORKERS=1 a restart does'));
    expect(await statuses(service)).toEqual([200, 401]);
    await service.stop();
  });
});

describe('SIGHUP with several workers', () => {
  const model = readFixture('output_n1');
  const manifest = fixtureManifest(model);

  async function startTwo(path: string, file: string): Promise<Service> {
    const service = await startService({ WORKERS: '2', MODEL_PATH: path, API_KEYS_FILE: file });
    await service.process.line(says(ALL_READY));
    return service;
  }

  it('renews the keys with the model', async () => {
    const file = writeKeysFile(keyEntry('crm', CRM_KEY));
    const service = await startTwo(writeBundle({ model, manifest }), file);
    writeFileSync(file, keyEntry('app', APP_KEY));
    service.process.signal('SIGHUP');
    expect(await service.process.line(says(RENEWED))).toMatchObject({ level: 'info', api_keys: ['app'] });
    // The workers before, which still serve, have them already.
    for (let time = 0; time < 4; time++) {
      expect(await statuses(service)).toEqual([401, 200]);
    }
    await service.process.line(says('all workers are replaced'));
    for (let time = 0; time < 4; time++) {
      expect(await statuses(service)).toEqual([401, 200]);
    }
    expect(await service.stop()).toBe(0);
    expect(service.process.lines.filter(says(RENEWED))).toHaveLength(1);
  });

  it('renews the keys of all workers though the new model is bad', async () => {
    const file = writeKeysFile(keyEntry('crm', CRM_KEY));
    const path = writeBundle({ model, manifest });
    const service = await startTwo(path, file);
    writeFileSync(path, 'no model');
    writeFileSync(file, keyEntry('app', APP_KEY));
    service.process.signal('SIGHUP');
    await service.process.line(says('a new worker did not become ready, so the old ones keep serving'));
    await service.process.line(says(RENEWED));
    for (let time = 0; time < 4; time++) {
      expect(await statuses(service)).toEqual([401, 200]);
    }
    expect(await service.stop()).toBe(0);
  });

  it('keeps the keys if the new ones are bad, and brings the model', async () => {
    const file = writeKeysFile(keyEntry('crm', CRM_KEY));
    const service = await startTwo(writeBundle({ model, manifest }), file);
    writeFileSync(file, 'cmk_secret');
    service.process.signal('SIGHUP');
    await service.process.line(says('all workers are replaced'));
    for (let time = 0; time < 4; time++) {
      expect(await statuses(service)).toEqual([200, 401]);
    }
    expect(await service.stop()).toBe(0);
    expect(service.process.lines.filter(says(KEPT))).toHaveLength(1);
    expect(service.process.output()).not.toContain('cmk_secret');
  });

  it.each([
    ['is bad', 'cmk_secret'],
    ['has other keys', keyEntry('app', APP_KEY)],
  ])(
    'gives a worker that replaces another the keys that are known, though their file %s',
    async (_case, text) => {
      const file = writeKeysFile(keyEntry('crm', CRM_KEY));
      const service = await startTwo(writeBundle({ model, manifest }), file);
      await service.process.lineCount(says('listening'), 2);
      writeFileSync(file, text);
      const workers = service.process.lines.filter(says('listening'));
      for (const [index, { pid }] of workers.entries()) {
        process.kill(pid as number, 'SIGKILL');
        await service.process.lineCount(says('the worker is replaced'), index + 1);
      }
      for (let time = 0; time < 4; time++) {
        expect(await statuses(service)).toEqual([200, 401]);
      }
      expect(await service.stop()).toBe(0);
    },
  );

  it('ends no worker that gets the signal from a terminal', async () => {
    const service = await startTwo(writeBundle({ model, manifest }), writeKeysFile(keyEntry('crm', CRM_KEY)));
    await service.process.lineCount(says('listening'), 2);
    for (const { pid } of service.process.lines.filter(says('listening'))) {
      process.kill(pid as number, 'SIGHUP');
    }
    service.process.signal('SIGHUP');
    await service.process.line(says('all workers are replaced'));
    expect(await service.stop()).toBe(0);
    expect(service.process.lines.filter(says('the worker is replaced'))).toEqual([]);
  });
});
