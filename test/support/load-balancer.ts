import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.js';
import type { Environment, Service } from './service.js';

export const PROBE_INTERVAL_MS = 100;

/**
 * Starts HAProxy before instances of the service. It asks each for its readiness, and neither tries a request again nor
 * sends it elsewhere: each request that an instance loses is lost to its caller.
 *
 * @returns its URL
 */
export async function startLoadBalancer(port: number, instancePorts: readonly number[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const configuration = join(directory, 'haproxy.cfg');
  writeFileSync(
    configuration,
    `
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout check 10s
  retries 0
  no option redispatch
  http-reuse safe
frontend callers
  bind 127.0.0.1:${port}
  default_backend instances
backend instances
  balance roundrobin
  option httpchk
  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host localhost
${instancePorts.map((instance, index) => `  server instance${index} 127.0.0.1:${instance} check inter ${PROBE_INTERVAL_MS}ms fall 1 rise 1`).join('\n')}
`,
  );
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await startHaproxy(configuration, url);
  return url;
}

/** Starts the queue of `deploy/haproxy` before the service. @returns its URL */
export async function startQueue({ port }: Service): Promise<string> {
  const callers = `127.0.0.1:${await freePort()}`;
  const url = `http://${callers}`;
  await startHaproxy('deploy/haproxy/haproxy.cfg', url, {
    CALLERS: callers,
    SERVICE: `127.0.0.1:${port}`,
  });
  return url;
}

/** Resolves when what stands behind it is ready. */
async function startHaproxy(
  configuration: string,
  url: string,
  environment: Environment = {},
): Promise<void> {
  const env = { ...process.env, ...environment };
  const haproxy = spawn('haproxy', ['-db', '-f', configuration], { env, stdio: 'ignore' });
  onTestFinished(async () => {
    await end(haproxy);
  });
  await untilReady(url);
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) {
      return;
    }
  }
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode === null) {
    process.kill('SIGKILL');
    await once(process, 'exit');
  }
}
