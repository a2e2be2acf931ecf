import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Contender } from './contender.js';
import { serviceWith } from './line-up.js';
import { COMPILED } from './paths.js';

/** What the service knows of itself. */
export interface VitalSigns {
  /** Since the last reading. */
  readonly eventLoopDelayP99Ms: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  /** After the last collection of garbage that was asked for; null if there was none. */
  readonly liveHeapMiB: number | null;
  readonly externalMiB: number;
}

const PRELOAD = pathToFileURL(join(COMPILED, 'vital-signs-preload.js')).href;
const POLL_MS = 5;

/** This service, which writes its vital signs to the file when it is asked. @param nodeOptions of its Node.js */
export function serviceWithVitalSigns(
  file: string,
  settings: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Contender {
  return serviceWith({ ...settings, VITAL_SIGNS_FILE: file }, [...nodeOptions, '--import', PRELOAD]);
}

export async function readVitalSigns(pid: number, file: string): Promise<VitalSigns> {
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) {
    await sleep(POLL_MS);
    process.kill(pid, 0); // Throws if it has ended.
  }
  const signs = JSON.parse(readFileSync(file, 'utf8')) as VitalSigns;
  rmSync(file);
  return signs;
}
