import { checkAnswers } from '../answer-check.js';
import { RunningContender } from '../contender.js';
import { SERVICE_CORE } from '../cores.js';
import { Grid } from '../grid.js';
import { BARE_ONNX, LINE_UP, LOGGED_NEST, SERVICE } from '../line-up.js';
import { FASTAPI, MISSING_PEERS } from '../peers.js';
import { PLAN } from '../plan.js';
import { figure, type Report, type Table, times } from '../report.js';
import { batchOf, SINGLE } from '../requests.js';
import { measureRound, ratio } from '../rounds.js';
import { warmUp } from '../warm-up.js';
import { loadByWrk } from '../wrk.js';

const { rounds, warmUpSeconds, seconds } = PLAN.predictions;

const SINGLE_32 = 'single, 32 connections';
const BATCH_100 = 'batch of 100, 8 connections';

const CASES = [
  { name: 'single, 1 connection', request: SINGLE, connections: 1 },
  { name: SINGLE_32, request: SINGLE, connections: 32 },
  { name: 'single, 256 connections', request: SINGLE, connections: 256 },
  { name: 'batch of 2, 8 connections', request: batchOf(2), connections: 8 },
  { name: 'batch of 10, 8 connections', request: batchOf(10), connections: 8 },
  { name: BATCH_100, request: batchOf(100), connections: 8 },
];

const TEXT = `Closed loop: each connection sends its next request when its answer is there. Requests per second, median
of ${rounds} rounds; in brackets, this service's figure over the other's. In each round every contender is started anew
and warmed up. Then each case is measured for ${seconds} s by wrk, contender after contender. wrk checks the status and
text of each answer, and all golden rows are checked before and after each measurement. The empty Nest handlers echo the
body: the framework's work and no other. The second table divides by the processor time that the contender took instead of
the time that passed: it tells what a request costs even if the machine is not quiet.`;

/** Contenders side by side. */
export async function predictions(): Promise<Report> {
  const perSecond = new Grid();
  const perCpuSecond = new Grid();
  for (let round = 0; round < rounds; round++) {
    await runRound(perSecond, perCpuSecond);
  }
  const over = ({ name }: { name: string }, caseName: string): number | undefined =>
    ratio(perSecond.cell(SERVICE.name, caseName).median, perSecond.cell(name, caseName).median);
  return {
    title: 'Predictions',
    text: [TEXT, ...MISSING_PEERS].join('\n\n'),
    tables: [toTable('Requests per second', perSecond), toTable('Requests per CPU-second', perCpuSecond)],
    figures: {
      singleOverLoggedNest: over(LOGGED_NEST, SINGLE_32),
      singleOverFastapi: over(FASTAPI, SINGLE_32),
      batchOverFastapi: over(FASTAPI, BATCH_100),
      batchOverBareOnnx: over(BARE_ONNX, BATCH_100),
    },
  };
}

function toTable(corner: string, grid: Grid): Table {
  return grid.toTable(corner, (median, caseName) => {
    const own = grid.cell(SERVICE.name, caseName).median;
    return own === median ? figure(median) : `${figure(median)} (${times(ratio(own, median))})`;
  });
}

async function runRound(perSecond: Grid, perCpuSecond: Grid): Promise<void> {
  const all: RunningContender[] = [];
  try {
    for (const contender of LINE_UP) {
      const running = await RunningContender.start(contender, SERVICE_CORE);
      all.push(running);
      await warmUp(running, warmUpSeconds);
    }
    for (const { name, request, connections } of CASES) {
      for (const running of all) {
        const cells = [perSecond, perCpuSecond].map((grid) => grid.cell(running.contender.name, name));
        await measureRound(cells, async () => {
          await checkAnswers(running);
          const result = await loadByWrk(running, { request, connections, seconds });
          await checkAnswers(running);
          return [result.requestsPerSecond, result.requestsPerCpuSecond];
        });
      }
    }
  } finally {
    await Promise.all(all.map((running) => running.stop()));
  }
}
