import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import type { VitalSigns } from './vital-signs.js';

// Preloaded into the service by `node --import`. At each SIGUSR2 the main thread writes its vital signs to the file that
// VITAL_SIGNS_FILE names. With `--expose-gc` it collects its garbage at every tenth: what is left is what it holds.

const RESOLUTION_MS = 1;
const SIGNALS_PER_COLLECTION = 10;
const MIB = 2 ** 20;

const { VITAL_SIGNS_FILE: file } = process.env;
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let signalCount = 0;
  let liveHeapMiB = NaN;
  delay.enable();
  process.on('SIGUSR2', () => {
    const eventLoopDelayP99Ms = delay.percentile(99) / 1e6;
    const { rss, heapUsed, external } = process.memoryUsage();
    // A pause that only this collection makes is none of the service's.
    delay.disable();
    if (globalThis.gc !== undefined && signalCount++ % SIGNALS_PER_COLLECTION === 0) {
      globalThis.gc();
      liveHeapMiB = process.memoryUsage().heapUsed / MIB;
    }
    const signs: VitalSigns = {
      eventLoopDelayP99Ms,
      residentMiB: rss / MIB,
      heapMiB: heapUsed / MIB,
      liveHeapMiB,
      externalMiB: external / MIB,
    };
    writeFileSync(`${file}.new`, JSON.stringify(signs));
    renameSync(`${file}.new`, file);
    delay.reset();
    delay.enable();
  });
}
