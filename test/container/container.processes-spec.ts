import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { settingDescriptions } from '../../src/config/setting.decorators.js';
import '../../src/config/settings.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { type Environment, startService } from '../support/service.js';
import { makeCertificate, TlsFolder } from '../support/tls.js';

interface ComposeService {
  readonly init?: boolean;
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string | number>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  services: Record<string, ComposeService>;
};
const service = compose.services['churn-api'];
const dockerfile = readFileSync('Dockerfile', 'utf8');
const defaults = new Map(settingDescriptions.map(({ name, default: text }) => [name, text]));

/** Runs a health check's command, which is `node -e …`. */
async function exitCodeOf(
  command: readonly string[],
  port: number,
  environment: Environment = {},
): Promise<unknown> {
  const child = spawn(process.execPath, command.slice(command.indexOf('-e')), {
    env: { PORT: String(port), ...environment },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'close')) as [number];
  return code;
}

describe('docker-compose.yml', () => {
  it('passes every setting on, with the default that the code has', () => {
    const environment = Object.entries(service?.environment ?? {});
    expect(environment.map(([name]) => name)).toEqual([...defaults.keys()]);
    for (const [name, value] of environment) {
      expect([defaults.get(name), `\${${name}:-${defaults.get(name) ?? ''}}`]).toContain(String(value));
    }
  });

  it('puts an init before the service, which reaps what other processes leave behind', () => {
    expect(service?.init).toBe(true);
  });

  it('publishes the port that the service listens on', () => {
    const port = defaults.get('PORT') ?? '';
    expect(service?.environment['PORT']).toBe(Number(port));
    expect(service?.ports).toEqual([`\${PORT:-${port}}:${port}`]);
  });
});

const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

/** A folder with what the image has in its own, which is removed after the test. */
function imageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'churn-image-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const otherPlatforms = new RegExp(
    `napi-v6/(?!${process.platform}$|${process.platform}/${process.arch}(/|$))`,
  );
  for (const [, path = ''] of lastStage.matchAll(/^COPY (?:--from=build \/app\/)?(\S+) \S+$/gm)) {
    cpSync(path, join(folder, path), { recursive: true, filter: (file) => !otherPlatforms.test(file) });
  }
  return folder;
}

describe('Dockerfile', () => {
  it.each(['0', '1'])('copies all that the service needs, with %s inference threads', async (threads) => {
    const folder = imageFolder();
    const main = join(folder, 'bundle/main.js');
    const running = await startService({ INFERENCE_THREADS: threads }, folder, { main });
    expect(await post(`${running.url}/predict`, HIGH_RISK_CUSTOMER)).toMatchObject({ status: 200 });
    for (const path of ['/docs/', '/docs/swagger-ui-bundle.js', '/redoc/redoc.standalone.js', '/docs-json']) {
      expect((await fetch(running.url + path)).status, path).toBe(200);
    }
    expect(await running.stop()).toBe(0);
  });

  it('exposes the port that the service listens on', () => {
    expect(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]).toBe(defaults.get('PORT'));
  });

  it('runs the built service, not as root', () => {
    expect(lastStage).toMatch(/^USER node$/m);
    expect(lastStage).toMatch(
      /^CMD \["node", "--disable-sigusr1", "--max-semi-space-size=16", "bundle\/main\.js"\]$/m,
    );
  });
});

const HEALTH_CHECK_OF_IMAGE = /^HEALTHCHECK [^]*?CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]';

describe('the health check', () => {
  it.each([
    ['of the image', JSON.parse(HEALTH_CHECK_OF_IMAGE) as string[]],
    ['of docker-compose.yml', service?.healthcheck.test ?? []],
  ])('%s passes while the service is ready, and fails without it', async (_whose, command) => {
    const running = await startService();
    expect(await exitCodeOf(command, running.port)).toBe(0);
    await running.stop();
    expect(await exitCodeOf(command, running.port)).toBe(1);

    const { environment } = new TlsFolder(await makeCertificate());
    const secure = await startService(environment);
    expect(await exitCodeOf(command, secure.port, environment)).toBe(0);
    await secure.stop();
    expect(await exitCodeOf(command, secure.port, environment)).toBe(1);
  });
});
