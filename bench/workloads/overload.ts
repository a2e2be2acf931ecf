import { setTimeout as sleep } from 'node:timers/promises';
import { checkedAnswer } from '../answer-check.js';
import { type Contender, type RunningContender, withContender } from '../contender.js';
import { BOTH_CORES, SERVICE_CORE } from '../cores.js';
import type { HttpAnswer } from '../http-connection.js';
import { SERVICE, serviceWith } from '../line-up.js';
import { openLoop, type OpenLoopResult, type Quantiles } from '../open-loop.js';
import { PLAN } from '../plan.js';
import { residentMiB } from '../process-tree.js';
import { figure, type Report } from '../report.js';
import { SINGLE } from '../requests.js';
import { loadByWrk } from '../wrk.js';

const { warmUpSeconds, peakSeconds, seconds, budgetMs, probesPerSecond } = PLAN.overload;
const OVERLOAD = 2;
const CONNECTIONS = 2000;
const PROBE_CONNECTIONS = 32;
const REST_SECONDS = 1;
const MEMORY_INTERVAL_MS = 15_000;
const AT_REST = { connections: 1, seconds: 2 };

const TEXT = `Single predictions arrive for ${seconds} s at twice the rate that ${PLAN.overload.peakSeconds} s of wrk at 64
connections found to be the most, over up to ${CONNECTIONS} connections, each with a budget of ${budgetMs} ms
(X-Request-Timeout-Ms). Latency counts from the moment at which a request was due. Each request is answered, right or
with 503 or 504, or the run fails. /health/live is asked ${probesPerSecond} times a second. The heavy model's service may
use both cores.`;

interface Case {
  readonly name: string;
  readonly contender: Contender;
  readonly cores: string;
}

const CASES: readonly Case[] = [
  { name: 'bundled model', contender: SERVICE, cores: SERVICE_CORE },
  {
    name: 'heavy_row',
    contender: serviceWith({
      MODEL_PATH: 'test/fixtures/models/heavy_row.onnx',
      ALLOW_UNVERIFIED_MODEL: 'true',
    }),
    cores: BOTH_CORES,
  },
];

/** What becomes of requests when twice as many come as can be answered. */
export async function overload(): Promise<Report> {
  const columns: string[][] = [];
  for (const { name, contender, cores } of CASES) {
    columns.push([name, ...(await withContender(contender, cores, measure))]);
  }
  const rows = ['', ...ROWS].map((row, index) => [row, ...columns.map((column) => column[index] ?? '')]);
  return { title: 'Overload', text: TEXT, tables: [rows], figures: {} };
}

const ROWS = [
  'peak',
  'offered',
  'answered right',
  'refused by 503',
  'refused by 504',
  'p50 and p99 of the right ones',
  'p50 and p99 of the refused ones (503)',
  'p50 and p99 of /health/live',
  'RSS before, and every 15 s',
  'p50 of one caller at rest, and 1 s after the load',
];

async function measure(running: RunningContender): Promise<string[]> {
  const load = { request: SINGLE, connections: 64 };
  await loadByWrk(running, { ...load, seconds: warmUpSeconds });
  const peak = (await loadByWrk(running, { ...load, seconds: peakSeconds })).requestsPerSecond;
  const atRest = await loadByWrk(running, { request: SINGLE, ...AT_REST });
  const memoryMiB = [residentMiB(running.pid)];
  const meter = setInterval(() => memoryMiB.push(residentMiB(running.pid)), MEMORY_INTERVAL_MS);
  const [singles, probes] = await Promise.all([
    singlesAt(running, OVERLOAD * peak),
    openLoop(running.url, {
      request: { method: 'GET', path: '/health/live' },
      outcomeOf: ({ status }) => (status === 200 ? '200' : undefined),
      requestsPerSecond: probesPerSecond,
      seconds,
      connections: PROBE_CONNECTIONS,
    }),
  ]);
  clearInterval(meter);
  await sleep(REST_SECONDS * 1000);
  const after = await loadByWrk(running, { request: SINGLE, ...AT_REST });
  const count = (outcome: string): string => {
    const found = singles.latency.get(outcome)?.count ?? 0;
    return `${figure(found / seconds, 'requests/s')} (${Math.round((100 * found) / (OVERLOAD * peak * seconds))} %)`;
  };
  return [
    figure(peak, 'requests/s'),
    figure(OVERLOAD * peak, 'requests/s'),
    ...['200', '503', '504'].map(count),
    quantilesCell(singles.latency.get('200')),
    quantilesCell(singles.latency.get('503')),
    quantilesCell(probes.latency.get('200')),
    memoryMiB.map((value) => figure(value, 'MiB')).join(', '),
    `${figure(atRest.p50Ms, 'ms')}, ${figure(after.p50Ms, 'ms')}`,
  ];
}

async function singlesAt(running: RunningContender, requestsPerSecond: number): Promise<OpenLoopResult> {
  const expected = await checkedAnswer(running, SINGLE);
  const outcomeOf = ({ status, body }: HttpAnswer): string | undefined => {
    const isExpected = status === 200 ? body === expected : status === 503 || status === 504;
    return isExpected ? String(status) : undefined;
  };
  return openLoop(running.url, {
    request: {
      method: 'POST',
      path: SINGLE.path,
      body: SINGLE.body,
      headers: { 'X-Request-Timeout-Ms': String(budgetMs) },
    },
    outcomeOf,
    requestsPerSecond,
    seconds,
    connections: CONNECTIONS,
  });
}

function quantilesCell(quantiles: Quantiles | undefined): string {
  return quantiles === undefined ? '-' : `${figure(quantiles.p50Ms, 'ms')}, ${figure(quantiles.p99Ms, 'ms')}`;
}
