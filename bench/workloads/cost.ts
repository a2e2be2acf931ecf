import { checkAnswers } from '../answer-check.js';
import { withContender } from '../contender.js';
import { SERVICE_CORE } from '../cores.js';
import { microsecondsPerPass } from '../in-process.js';
import { SERVICE } from '../line-up.js';
import { microsecondsOfMetrics } from '../metrics-cost.js';
import { PLAN } from '../plan.js';
import { figure, type Report, type Table } from '../report.js';
import { batchOf } from '../requests.js';
import { measureRound, Rounds } from '../rounds.js';
import { warmUp } from '../warm-up.js';
import { loadByWrk } from '../wrk.js';

const { rounds, warmUpSeconds, seconds, inProcessMs } = PLAN.cost;
const MAX_BATCH_ROWS = 4096;

const TEXT = `What a row costs this service on one core, over HTTP (POST /predict/batch at 8 connections) and inside
ModelService (one pass after the other, MAX_BATCH_ROWS=${MAX_BATCH_ROWS}), and what of it the metrics take. Medians of
${rounds} rounds.`;

/** How cost grows with the rows. */
export async function cost(): Promise<Report> {
  const overHttp = new Map([1, 2, 10, 50, 100].map((rowCount) => [rowCount, new Rounds()]));
  const inside = new Map(
    [1, 2, 10, 50, 100, 1000, MAX_BATCH_ROWS].map((rowCount) => [rowCount, new Rounds()]),
  );
  const metrics = new Map([1, 100].map((rowCount) => [rowCount, new Rounds()]));
  for (let round = 0; round < rounds; round++) {
    await measureOverHttp(overHttp);
    await measureInside(inside);
    metrics.forEach((cell, rowCount) => {
      cell.add(microsecondsOfMetrics(rowCount, inProcessMs));
    });
  }
  return {
    title: 'How cost grows',
    text: TEXT,
    tables: [
      toTable('Rows of a request, over HTTP', overHttp),
      toTable('Rows of a pass, inside', inside),
      toTable('Rows of a request, its metrics alone', metrics),
    ],
    figures: {},
  };
}

async function measureOverHttp(results: ReadonlyMap<number, Rounds>): Promise<void> {
  await withContender(SERVICE, SERVICE_CORE, async (running) => {
    await warmUp(running, warmUpSeconds);
    for (const [rowCount, cell] of results) {
      await measureRound([cell], async () => {
        const load = { request: batchOf(rowCount), connections: 8, seconds };
        const { requestsPerSecond } = await loadByWrk(running, load);
        await checkAnswers(running);
        return [1e6 / requestsPerSecond];
      });
    }
  });
}

async function measureInside(results: ReadonlyMap<number, Rounds>): Promise<void> {
  const settings = { MAX_BATCH_ROWS: String(MAX_BATCH_ROWS) };
  const rowCounts = [...results.keys()];
  const microseconds = await microsecondsPerPass(rowCounts, inProcessMs, SERVICE_CORE, settings);
  [...results.values()].forEach((cell, index) => {
    cell.add(microseconds[index] ?? NaN);
  });
}

function toTable(corner: string, results: ReadonlyMap<number, Rounds>): Table {
  return [
    [corner, 'Microseconds', 'Microseconds per row'],
    ...[...results].map(([rowCount, cell]) => [
      String(rowCount),
      cell.format((microseconds) => figure(microseconds)),
      cell.format((microseconds) => figure(microseconds / rowCount)),
    ]),
  ];
}
