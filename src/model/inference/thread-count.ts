import type { Settings } from '../../config/settings.js';
import { workerCount } from '../../config/worker-count.js';

/**
 * The longest pass for which `auto` lets the event loop wait. Above it a thread costs little next to the pass, and in
 * line every probe would wait. Measured in docs/performance.md.
 */
const LONGEST_INLINE_PASS_MS = 2;

/**
 * How many threads of this process run forward passes; 0 stands for the event loop's own.
 *
 * @param fullPassMs what a pass of MAX_BATCH_ROWS rows takes
 * @param coreCount cores that all processes share
 */
export function inferenceThreadCount(
  settings: Pick<Settings, 'inferenceThreads' | 'workers'>,
  fullPassMs: number,
  coreCount: number,
): number {
  if (settings.inferenceThreads !== 'auto') {
    return settings.inferenceThreads;
  }
  if (fullPassMs <= LONGEST_INLINE_PASS_MS) {
    return 0;
  }
  // One core of each process's share is for its event loop.
  return Math.max(1, Math.floor(coreCount / workerCount(settings)) - 1);
}
