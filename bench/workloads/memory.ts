import { setTimeout as sleep } from 'node:timers/promises';
import { checkedAnswer } from '../answer-check.js';
import { type RunningContender, withContender } from '../contender.js';
import { SERVICE_CORE } from '../cores.js';
import { SERVICE } from '../line-up.js';
import { PLAN } from '../plan.js';
import { residentMiB } from '../process-tree.js';
import { figure, type Report, times } from '../report.js';
import { batchOf, type PredictionRequest, SINGLE } from '../requests.js';
import { measureRound, Rounds } from '../rounds.js';
import { sendMany } from '../send-many.js';

const { rounds, firstPredictions, predictions, furtherPredictions } = PLAN.memory;
const BATCH = batchOf(100);
const SETTLE_MS = 1000;

const TEXT = `Resident memory of this service on one core, with 8 connections, medians of ${rounds} processes. The first
ten thousand predictions are requested one by one, all later ones in batches of 100. The last line shows whether what
was gained in the first million is still growing.`;

/** What the process holds, and whether it grows. */
export async function memory(): Promise<Report> {
  const atRest = new Rounds();
  const afterFirst = new Rounds();
  const afterMillion = new Rounds();
  const afterMore = new Rounds();
  const growth = new Rounds();
  for (let round = 0; round < rounds; round++) {
    await measureRound([atRest, afterFirst, afterMillion, growth, afterMore], () =>
      withContender(SERVICE, SERVICE_CORE, async (running) => {
        const rest = await settledMiB(running);
        const first = await memoryAfter(running, SINGLE, firstPredictions);
        const million = await memoryAfter(running, BATCH, predictions - firstPredictions);
        const more = await memoryAfter(running, BATCH, furtherPredictions - predictions);
        return [rest, first, million, million / first, more];
      }),
    );
  }
  const after = (count: number): string => `after ${count.toLocaleString('en-US')} predictions`;
  const toCell = (cell: Rounds): string => cell.format((mebibytes) => figure(mebibytes, 'MiB'));
  return {
    title: 'Memory',
    text: TEXT,
    tables: [
      [
        ['', 'RSS'],
        ['at rest', toCell(atRest)],
        [after(firstPredictions), toCell(afterFirst)],
        [after(predictions), toCell(afterMillion)],
        ['the last over the one before', growth.format(times)],
        [after(furtherPredictions), toCell(afterMore)],
      ],
    ],
    figures: { memoryGrowth: growth.median },
  };
}

async function memoryAfter(
  running: RunningContender,
  request: PredictionRequest,
  predictionCount: number,
): Promise<number> {
  const expected = await checkedAnswer(running, request);
  await sendMany(running.url, request, expected, predictionCount / request.expected.length);
  return settledMiB(running);
}

async function settledMiB({ pid }: RunningContender): Promise<number> {
  await sleep(SETTLE_MS);
  return residentMiB(pid);
}
