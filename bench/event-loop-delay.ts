import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Preloaded into the service by `node --import`. At each SIGUSR2 the main thread writes the p99 of its event-loop delay
// since the last one, in milliseconds, to the file that EVENT_LOOP_DELAY_FILE names.

const RESOLUTION_MS = 1;

const { EVENT_LOOP_DELAY_FILE: file } = process.env;
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  process.on('SIGUSR2', () => {
    writeFileSync(`${file}.new`, String(delay.percentile(99) / 1e6));
    renameSync(`${file}.new`, file);
    delay.reset();
  });
}
