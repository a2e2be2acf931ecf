import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Lists of cores as taskset takes them. */
export const SERVICE_CORE = '0';
export const GENERATOR_CORE = '1';
export const BOTH_CORES = '0,1';

/** Keeps this process, and what it starts without a pin of its own, off the service's core. */
export function pinToGeneratorCore(): void {
  if (availableParallelism() < 2) {
    throw new Error('The benchmark needs two cores: one for the contender, one for the load.');
  }
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', GENERATOR_CORE, String(process.pid)]);
}
