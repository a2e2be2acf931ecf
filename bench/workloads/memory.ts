import { setTimeout as sleep } from 'node:timers/promises';
import { checkedAnswer } from '../answer-check.js';
import { type RunningContender, withContender } from '../contender.js';
import { SERVICE_CORE } from '../cores.js';
import { SERVICE } from '../line-up.js';
import { PLAN } from '../plan.js';
import { residentMiB } from '../process-tree.js';
import { figure, type Report, times } from '../report.js';
import { batchOf } from '../requests.js';
import { measureRound, Rounds } from '../rounds.js';
import { sendMany } from '../send-many.js';

const { rounds, firstPredictions, predictions } = PLAN.memory;
const BATCH = batchOf(100);
const SETTLE_MS = 1000;

/** What the process holds, and whether it grows. */
export async function memory(): Promise<Report> {
  const atRest = new Rounds();
  const afterFirst = new Rounds();
  const afterAll = new Rounds();
  const growth = new Rounds();
  for (let round = 0; round < rounds; round++) {
    await measureRound([atRest, afterFirst, afterAll, growth], () =>
      withContender(SERVICE, SERVICE_CORE, async (running) => {
        const atRestMiB = await settledMiB(running);
        const afterFirstMiB = await memoryAfter(running, firstPredictions);
        const afterAllMiB = await memoryAfter(running, predictions - firstPredictions);
        return [atRestMiB, afterFirstMiB, afterAllMiB, afterAllMiB / afterFirstMiB];
      }),
    );
  }
  const count = (value: number): string => value.toLocaleString('en-US');
  return {
    title: 'Memory',
    text: `Resident memory of this service, medians of ${rounds} processes; batches of 100, 8 connections.`,
    tables: [
      [
        ['', 'RSS'],
        ['at rest', figure(atRest.median, 'MiB')],
        [`after the first ${count(firstPredictions)} predictions`, figure(afterFirst.median, 'MiB')],
        [`after ${count(predictions)}`, figure(afterAll.median, 'MiB')],
        ['the last over the one before', times(growth.median)],
      ],
    ],
    figures: { memoryGrowth: growth.median },
  };
}

async function memoryAfter(running: RunningContender, predictionCount: number): Promise<number> {
  const expected = await checkedAnswer(running, BATCH);
  await sendMany(running.url, BATCH, expected, predictionCount / BATCH.expected.length);
  return settledMiB(running);
}

async function settledMiB({ pid }: RunningContender): Promise<number> {
  await sleep(SETTLE_MS);
  return residentMiB(pid);
}
