import { availableParallelism } from 'node:os';
import type { Settings } from './settings.js';

/** How many processes share the port. Cores are counted as far as a container's quota lets this process use them. */
export function workerCount({ workers }: Pick<Settings, 'workers'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}
