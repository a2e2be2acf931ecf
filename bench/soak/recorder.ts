import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningContender } from '../contender.js';
import { cpuSeconds } from '../process-tree.js';
import { readVitalSigns, type VitalSigns } from '../vital-signs.js';
import { WrongAnswerError } from '../wrong-answer.error.js';

/** How the service did in one second. */
export interface Sample extends VitalSigns {
  /** Since the start of the traffic. */
  readonly atSeconds: number;
  /** Open files and sockets. */
  readonly handleCount: number;
  readonly requestsPerSecond: number;
  /** Of the service's own processor time, which hardly suffers when something else takes its core. */
  readonly requestsPerCpuSecond: number;
}

const INTERVAL_MS = 1000;
const STALL_SECONDS = 30;

/**
 * Samples the service once a second until it is told to stop.
 *
 * @param requestCount gives how many requests have been made
 * @throws {WrongAnswerError} if no more requests are made for half a minute, as the service does not answer
 */
export async function record(
  running: RunningContender,
  vitalSignsFile: string,
  requestCount: () => number,
  samples: Sample[],
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  let last = { atMs: startMs, requests: 0, cpuSeconds: cpuSeconds(running.pid) };
  let stalledCount = 0;
  await readVitalSigns(running.pid, vitalSignsFile); // Forgets what was before.
  while (await nextTick(signal)) {
    const signs = await readVitalSigns(running.pid, vitalSignsFile);
    const now = { atMs: performance.now(), requests: requestCount(), cpuSeconds: cpuSeconds(running.pid) };
    const requests = now.requests - last.requests;
    stalledCount = requests === 0 ? stalledCount + 1 : 0;
    if (stalledCount === STALL_SECONDS) {
      throw new WrongAnswerError(`no answer for ${STALL_SECONDS} s, after ${now.requests} requests`);
    }
    samples.push({
      ...signs,
      atSeconds: (now.atMs - startMs) / 1000,
      handleCount: handleCount(running.pid),
      requestsPerSecond: (requests * 1000) / (now.atMs - last.atMs),
      requestsPerCpuSecond: requests / (now.cpuSeconds - last.cpuSeconds),
    });
    last = now;
  }
}

export function handleCount(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Whether another sample is due, and not the end. */
async function nextTick(signal: AbortSignal): Promise<boolean> {
  await sleep(INTERVAL_MS, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) {
      throw error;
    }
  });
  return !signal.aborted;
}
