import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GENERATOR_CORE } from '../plan.js';

/** Beyond the ports of the contenders. */
const PORTS_APART = 5000;

const { PORT = '' } = process.env;
const servicePort = String(Number(PORT) + PORTS_APART);
const service = spawn(process.execPath, ['bundle/main.js'], {
  env: { ...process.env, PORT: servicePort },
  stdio: 'inherit',
});
// On the core of the load, so that it takes nothing from the service.
const haproxy = spawn(
  'taskset',
  ['--cpu-list', GENERATOR_CORE, 'haproxy', '-db', '-f', 'deploy/haproxy/haproxy.cfg'],
  {
    env: { ...process.env, CALLERS: `127.0.0.1:${PORT}`, SERVICE: `127.0.0.1:${servicePort}` },
    stdio: 'inherit',
  },
);
process.once('SIGTERM', () => service.kill('SIGTERM'));
await once(service, 'exit');
haproxy.kill();
