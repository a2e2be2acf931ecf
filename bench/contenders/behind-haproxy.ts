import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The service behind a load balancer that lets few requests in at a time, and keeps a short queue for the others. Its core is
// the first argument.

const [, , CORE = ''] = process.argv;
const PORT = Number(process.env['PORT']);
/** Beside those of the contenders. */
const SERVICE_PORT = PORT + 5000;

const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
const configuration = join(folder, 'haproxy.cfg');
writeFileSync(
  configuration,
  `
global
  nbthread 1
defaults
  mode http
  maxconn 10000
  timeout connect 1s
  timeout client 75s
  timeout server 5s
  timeout queue 200ms
  http-reuse always
frontend callers
  bind 127.0.0.1:${PORT}
  use_backend probes if { path_beg /health }
  default_backend predictions
backend predictions
  server service 127.0.0.1:${SERVICE_PORT} maxconn 32 maxqueue 512
backend probes
  server service 127.0.0.1:${SERVICE_PORT}
`,
);
const environment = { ...process.env, PORT: String(SERVICE_PORT) };
const service = spawn(process.execPath, ['bundle/main.js'], { env: environment, stdio: 'inherit' });
const haproxy = spawn('taskset', ['--cpu-list', CORE, 'haproxy', '-db', '-f', configuration], {
  stdio: 'inherit',
});
process.once('SIGTERM', () => {
  haproxy.kill();
  service.kill('SIGTERM');
});
await once(service, 'exit');
haproxy.kill();
rmSync(folder, { recursive: true });
