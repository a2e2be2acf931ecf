import { setTimeout as sleep } from 'node:timers/promises';
import { EMPTY_NEST, SERVICE } from '../contenders.js';
import { closedLoop } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { toRows, type Workload } from '../rows.js';
import { inTurn, SERVICE_CORE } from '../running-contender.js';
import { BUNDLED } from '../subject.js';

const STARTS = planned(11);

const CONNECTIONS = 8;
const SETTLE_MS = 1000;
const FIRST = planned(10_000, 1000);
const MILLION = planned(1_000_000, 10_000);
const FURTHER = planned(3_000_000, 20_000);

export const FIRST_PREDICTION = 'start of the process to its first answered prediction';
export const AFTER_FIRST = after(FIRST);
export const AFTER_MILLION = after(MILLION);

const STAGES = [
  { name: AFTER_FIRST, request: BUNDLED.single, requestCount: FIRST },
  { name: AFTER_MILLION, request: BUNDLED.single, requestCount: MILLION - FIRST },
  { name: after(FURTHER), request: BUNDLED.batchOf(100), requestCount: (FURTHER - MILLION) / 100 },
];

/** How long a start takes. */
export const start: Workload = {
  name: 'start',
  title: 'Start to ready',
  text: `Medians of ${STARTS} interleaved starts on one core; in brackets, this service over the empty one.`,
  async *measure() {
    for await (const { contender, startMs } of inTurn([SERVICE, EMPTY_NEST], SERVICE_CORE, STARTS)) {
      yield* toRows(FIRST_PREDICTION, contender.name, { 'start (ms)': startMs });
    }
  },
};

/** What the process holds, and whether it grows. */
export const memory: Workload = {
  name: 'memory',
  title: 'Memory',
  text: `Resident memory of this service on one core, with ${CONNECTIONS} connections, medians of ${ROUNDS} processes. The
first million predictions are requested one by one, all later ones in batches of 100, which take more memory at a time.`,
  async *measure() {
    for await (const running of inTurn([SERVICE], SERVICE_CORE)) {
      yield* toRows('at rest', SERVICE.name, { 'RSS (MiB)': running.residentMiB });
      for (const { name, ...load } of STAGES) {
        await closedLoop(running, { ...load, connections: CONNECTIONS });
        await sleep(SETTLE_MS);
        yield* toRows(name, SERVICE.name, { 'RSS (MiB)': running.residentMiB });
      }
    }
  },
};

function after(predictionCount: number): string {
  return `after ${predictionCount.toLocaleString('en-US')} predictions`;
}
