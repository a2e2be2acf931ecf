import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICE } from '../contenders.js';
import { SERVICE_CORE } from '../cores.js';
import { PLAN } from '../plan.js';
import { residentMiB } from '../process-tree.js';
import { batchOf, SINGLE } from '../requests.js';
import { measured, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { prediction } from '../soak/requests.js';
import { proven, sendMixed } from '../soak/traffic.js';

const { rounds, firstPredictions, predictions, furtherPredictions } = PLAN.memory;
const BATCH = batchOf(100);
const CONNECTIONS = 8;
const SETTLE_MS = 1000;

export const AFTER_FIRST = after(firstPredictions);
export const AFTER_MILLION = after(predictions);

const STAGES = [
  { name: 'at rest', request: SINGLE, predictions: 0 },
  { name: AFTER_FIRST, request: SINGLE, predictions: firstPredictions },
  { name: AFTER_MILLION, request: BATCH, predictions: predictions - firstPredictions },
  { name: after(furtherPredictions), request: BATCH, predictions: furtherPredictions - predictions },
];

/** What the process holds, and whether it grows. */
export const memory: Workload = {
  name: 'memory',
  title: 'Memory',
  text: `Resident memory of this service on one core, with ${CONNECTIONS} connections, medians of ${rounds} processes. The
first ten thousand predictions are requested one by one, all later ones in batches of 100. The last line shows whether what
was gained in the first million is still growing.`,
  async *measure() {
    for (let round = 0; round < rounds; round++) {
      await using running = await RunningContender.start(SERVICE, SERVICE_CORE);
      for (const { name, request, predictions } of STAGES) {
        yield* await measured(name, SERVICE.name, async () => {
          const { url } = running;
          const kinds = await proven(url, [{ name, percent: 100, requests: [prediction(request)] }]);
          await sendMixed(url, kinds, CONNECTIONS, predictions / request.expected.length);
          await sleep(SETTLE_MS);
          return { 'RSS (MiB)': residentMiB(running.pid) };
        });
      }
    }
  },
};

function after(predictionCount: number): string {
  return `after ${predictionCount.toLocaleString('en-US')} predictions`;
}
