/** Preloaded into a service, this logs what its buffers take on SIGUSR2, after a garbage collection. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collectGarbage();
    const { arrayBuffers } = process.memoryUsage();
    process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'memory', buffer_bytes: arrayBuffers })}\n`);
  });
}
