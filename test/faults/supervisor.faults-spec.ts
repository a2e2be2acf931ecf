import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelManifest, StatedNumberFeature } from '../../src/bundle/manifest.js';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { ENDLESS_CUSTOMER } from '../support/endless-model.js';
import { HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import {
  type Environment,
  type Service,
  ServiceProcess,
  startService,
  TAKES_BURSTS,
} from '../support/service.js';
import { says, startTwoWorkers, workerPids } from '../support/two-workers.js';

const TWO_WORKERS = { WORKERS: '2', SHUTDOWN_TIMEOUT_MS: '5000' };
const ALL_REPLACED = 'all workers are replaced';

async function startTwo(environment: Environment = {}): Promise<Service> {
  return startTwoWorkers({ ...TWO_WORKERS, ...environment });
}

const MODEL = readFixture('output_n1');

function manifestOf(version: string): ModelManifest {
  return fixtureManifest(MODEL, { version });
}

/** Makes the bundle at this path the one of another version. */
function writeVersion(path: string, version: string): void {
  writeFileSync(path, MODEL);
  writeManifest(path, manifestOf(version));
}

function writeManifest(path: string, manifest: ModelManifest): void {
  writeFileSync(join(dirname(path), 'model.manifest.json'), JSON.stringify(manifest));
}

/** Version 2.0.0, which states the tenure in another way. */
function withTenure(changes: Partial<StatedNumberFeature>): ModelManifest {
  const manifest = manifestOf('2.0.0');
  const features = manifest.features.map((feature) =>
    feature.name === 'tenure_months' ? ({ ...feature, ...changes } as StatedNumberFeature) : feature,
  );
  return { ...manifest, features };
}

async function predictedVersion({ url }: Service): Promise<unknown> {
  const { body } = await post(`${url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' });
  return body['model_version'];
}

describe('WORKERS=1', () => {
  it('has no supervisor, logs SIGHUP, and serves on', async () => {
    const service = await startService();
    service.process.signal('SIGHUP');
    expect(await service.process.line(says(/^SIGHUP loads no new model/))).toMatchObject({ level: 'warn' });
    expect(await predictedVersion(service)).toBe('1.0.0');
    expect(await service.stop()).toBe(0);
  });
});

describe('several workers', () => {
  it('share one port', async () => {
    const service = await startTwo();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { Connection: 'close' }),
      ),
    );
    const lines = await Promise.all(answers.map(({ requestId }) => service.process.requestLine(requestId)));
    expect(new Set(lines.map(({ pid }) => pid))).toEqual(new Set(workerPids(service)));
    expect(await service.stop()).toBe(0);
  });

  it('are one for each core with WORKERS=auto', async () => {
    const service = await startService({ WORKERS: 'auto' });
    expect(await predictedVersion(service)).toBe('1.0.0');
    expect(await service.stop()).toBe(0);
  });

  it('answer what is in flight when the supervisor gets SIGTERM, and end', async () => {
    const service = await startTwo();
    const connection = await RawConnection.open(service.port);
    const whole = rawPost('/predict', HIGH_RISK_CUSTOMER);
    await connection.send(whole.slice(0, -10));
    await request(`${service.url}/health/live`);
    const stopped = service.stop();
    await service.process.line(says('draining'));
    await connection.send(whole.slice(-10));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1.1 200 /);
    expect(await stopped).toBe(0);
  });

  it('drain once, though a terminal sends its signal to each of them too', async () => {
    const service = await startTwo();
    for (const pid of workerPids(service)) {
      process.kill(pid, 'SIGINT');
    }
    service.process.signal('SIGINT');
    expect(await service.process.exit()).toBe(0);
  });

  it('are killed by a second signal', async () => {
    const service = await startTwo({ SHUTDOWN_TIMEOUT_MS: '600000' });
    const connection = await RawConnection.open(service.port);
    await connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER).slice(0, -10));
    await request(`${service.url}/health/live`);
    service.process.signal('SIGTERM');
    await service.process.line(says('draining'));
    service.process.signal('SIGTERM');
    expect(await service.process.exit()).toBe(1);
  });

  it('write whole log lines, even if their reader stalls', async () => {
    const service = await startTwo(TAKES_BURSTS);
    service.process.stallOutput(true);
    for (let round = 0; round < 40; round++) {
      await Promise.all(Array.from({ length: 50 }, () => post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)));
    }
    service.process.stallOutput(false);
    await service.process.lineCount(says('request completed'), 2000);
    expect(service.process.noise).toEqual([]);
    expect(await service.stop()).toBe(0);
  });
});

describe('the supervisor', () => {
  it('replaces a worker that is killed', async () => {
    const service = await startTwo();
    const [victim = 0] = workerPids(service);
    process.kill(victim, 'SIGKILL');
    const line = await service.process.line(says('a worker ended by SIGKILL and is replaced'));
    expect(line).toMatchObject({
      level: 'error',
      worker_pid: victim,
      retry_ms: expect.any(Number) as number,
    });
    expect(await predictedVersion(service)).toBe('1.0.0');
    await service.process.lineCount(says('listening'), 3);
    expect(await service.stop()).toBe(0);
  });

  it('replaces a worker that gives no sign of life', async () => {
    const service = await startTwo({ STALL_TIMEOUT_MS: '1000' });
    const [victim = 0] = workerPids(service);
    process.kill(victim, 'SIGSTOP');
    expect(await service.process.line(says(/^a worker gives no sign of life/))).toMatchObject({
      worker_pid: victim,
    });
    await service.process.lineCount(says('listening'), 3);
    expect(await service.stop()).toBe(0);
  });

  it.each(['0', '1'])(
    'replaces a worker whose forward pass never ends, with INFERENCE_THREADS=%s',
    async (INFERENCE_THREADS) => {
      const model = readFixture('endless_at_tenure_100');
      const manifest = fixtureManifest(model);
      const service = await startTwo({
        MODEL_PATH: writeBundle({ model, manifest }),
        INFERENCE_THREADS,
        STALL_TIMEOUT_MS: '1000',
      });
      const endless = post(`${service.url}/predict`, ENDLESS_CUSTOMER);
      const outcome = endless.then(
        ({ status }) => status,
        () => 503,
      );
      await service.process.line(says(/^a worker gives no sign of life/));
      expect(await outcome).toBe(503);
      await service.process.lineCount(says('listening'), 3);
      expect(await predictedVersion(service)).toBe('1.0.0');
      expect(await service.stop()).toBe(0);
    },
  );

  it('ends with a clear error if no worker can be made ready', async () => {
    const supervisor = ServiceProcess.spawn({ ...TWO_WORKERS, MODEL_PATH: '/no/model.onnx' });
    expect(await supervisor.exit()).toBe(1);
    const fatal = supervisor.lines.filter(({ level }) => level === 'fatal').map(({ msg }) => msg);
    expect(fatal).toEqual([
      expect.stringMatching(/^There is no model file\. Where: \/no\/model\.onnx\./) as string,
      expect.stringMatching(/^No worker is ready: each one ended during its start/) as string,
    ]);
    expect(supervisor.noise).toEqual([]);
  });
});

describe('SIGHUP', () => {
  it('brings a new model version, and loses no request', async () => {
    const path = writeBundle({ model: MODEL, manifest: manifestOf('1.0.0') });
    const service = await startTwo({ MODEL_PATH: path, KEEP_ALIVE_TIMEOUT_MS: '1000' });
    const answers: { status: number; version: unknown }[] = [];
    let isReplaced = false;
    const caller = async (headers: Record<string, string>): Promise<void> => {
      while (!isReplaced) {
        const { status, body } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, headers);
        answers.push({ status, version: body['model_version'] });
      }
    };
    const callers = [{}, {}, {}, {}, { Connection: 'close' }, { Connection: 'close' }].map(caller);

    writeVersion(path, '2.0.0');
    service.process.signal('SIGHUP');
    await service.process.line(says(ALL_REPLACED));
    isReplaced = true;
    await Promise.all(callers);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ version }) => version))).toContain('1.0.0');
    await service.process.lineCount(says('model released'), 2);
    for (let prediction = 0; prediction < 4; prediction++) {
      expect(await predictedVersion(service)).toBe('2.0.0');
    }
    expect(await service.stop()).toBe(0);
  });

  it('keeps the old workers if the new model is bad, and says why', async () => {
    const path = writeBundle({ model: MODEL, manifest: manifestOf('1.0.0') });
    const service = await startTwo({ MODEL_PATH: path, KEEP_ALIVE_TIMEOUT_MS: '1000' });
    writeFileSync(path, 'no model');
    service.process.signal('SIGHUP');
    await service.process.line(says('a new worker did not become ready, so the old ones keep serving'));
    const [why] = service.process.lines.filter(({ level }) => level === 'fatal');
    expect(why?.msg).toMatch(/^The model file is not the one that its manifest describes/);
    expect(workerPids(service)).toHaveLength(2);
    expect(await predictedVersion(service)).toBe('1.0.0');

    const [victim = 0] = workerPids(service);
    process.kill(victim, 'SIGKILL');
    // The first of these lines is about the victim, the second about its replacement.
    await service.process.line(says('a worker ended with code 1 and is replaced'));
    expect(await predictedVersion(service)).toBe('1.0.0');

    writeVersion(path, '2.0.0');
    await service.process.lineCount(says('listening'), 3);
    service.process.signal('SIGHUP');
    await service.process.line(says(ALL_REPLACED));
    await service.process.lineCount(says('model released'), 2);
    expect(await predictedVersion(service)).toBe('2.0.0');
    expect(await service.stop()).toBe(0);
  });

  it('keeps the old workers if the new model has another contract, and lists what differs', async () => {
    const path = writeBundle({ model: MODEL, manifest: manifestOf('1.0.0') });
    const service = await startTwo({ MODEL_PATH: path, KEEP_ALIVE_TIMEOUT_MS: '1000' });
    writeManifest(path, withTenure({ bounds: { minimum: 1, maximum: 240 }, nullable: true }));
    service.process.signal('SIGHUP');
    await service.process.line(says('a new worker did not become ready, so the old ones keep serving'));
    const [why] = service.process.lines.filter(({ level }) => level === 'fatal');
    expect(why?.msg).toMatch(
      /^The model has another contract than the one that is served\. .* Found: tenure_months is loosened: it may be missing; tenure_months is tightened: its minimum is 1 instead of 0; tenure_months is loosened: its maximum is 240 instead of 120\./,
    );
    expect(await predictedVersion(service)).toBe('1.0.0');

    // Descriptions, units and examples are not part of it.
    writeManifest(path, withTenure({ description: 'Age of the contract', unit: 'months' }));
    service.process.signal('SIGHUP');
    await service.process.line(says(ALL_REPLACED));
    await service.process.lineCount(says('model released'), 2);
    expect(await predictedVersion(service)).toBe('2.0.0');
    expect(await service.stop()).toBe(0);
  });

  it('ends the service in time when no worker can be made ready, though one that retires does not end', async () => {
    const path = writeBundle({ model: MODEL, manifest: manifestOf('1.0.0') });
    const service = await startTwo({
      MODEL_PATH: path,
      STALL_TIMEOUT_MS: '600000',
      KEEP_ALIVE_TIMEOUT_MS: '600000',
      SHUTDOWN_TIMEOUT_MS: '0',
    });
    // Both workers get some of them, and so go on when they retire.
    const connections = await Promise.all(Array.from({ length: 20 }, () => RawConnection.open(service.port)));
    await Promise.all(
      connections.map(async (connection) => {
        await connection.send('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await connection.until(/"status":"ok"/);
      }),
    );
    const [stuck = 0, other = 0] = workerPids(service);
    service.process.signal('SIGHUP');
    await service.process.line(says(ALL_REPLACED));
    await service.process.lineCount(says('listening'), 4);
    process.kill(stuck, 'SIGSTOP');
    process.kill(other, 'SIGKILL');

    writeFileSync(path, 'no model');
    for (const pid of workerPids(service).slice(-2)) {
      process.kill(pid, 'SIGKILL');
    }
    expect(await service.process.exit()).toBe(1);
    await service.process.line(says('workers that do not end are killed'));
    connections.forEach((connection) => {
      connection.reset();
    });
  });

  it('ends the service only when the last worker is gone and the model is still bad', async () => {
    const path = writeBundle({ model: MODEL, manifest: manifestOf('1.0.0') });
    const service = await startTwo({ MODEL_PATH: path });
    writeFileSync(path, 'no model');
    for (const pid of workerPids(service)) {
      process.kill(pid, 'SIGKILL');
    }
    expect(await service.process.exit()).toBe(1);
    expect(service.process.lines.filter(says(/^No worker is ready/))).toHaveLength(1);
  });
});
