import { setTimeout as sleep } from 'node:timers/promises';
import { checkedAnswer } from '../answer-check.js';
import { type Contender, SERVICE, serviceWith } from '../contenders.js';
import { BOTH_CORES, SERVICE_CORE } from '../cores.js';
import { openLoop, type OpenLoopResult, probeLive } from '../open-loop.js';
import { PLAN } from '../plan.js';
import { residentMiB } from '../process-tree.js';
import { SINGLE } from '../requests.js';
import { type Row, toRows, type Values, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { loadByWrk } from '../wrk.js';
import { heavySettings } from './heavy.js';

const { warmUpSeconds, peakSeconds, seconds, budgetMs, probesPerSecond } = PLAN.overload;
const OVERLOAD = 2;
const CONNECTIONS = 2000;
const REST_MS = 1000;
const MEMORY_INTERVAL_SECONDS = 15;

/** What becomes of requests when twice as many come as can be answered. */
export const overload: Workload = {
  name: 'overload',
  title: 'Overload',
  text: `Single predictions arrive for ${seconds} s at twice the rate that ${peakSeconds} s of wrk at 64 connections
found to be the most, over up to ${CONNECTIONS} connections, each with a budget of ${budgetMs} ms (X-Request-Timeout-Ms).
Latency counts from the moment at which a request was due. Each request is answered, right (200) or with 503 or 504, or the
run fails. /health/live is asked ${probesPerSecond} times a second. The heavy model's service may use both cores.`,
  async *measure() {
    yield* measureModel('bundled model', SERVICE, SERVICE_CORE);
    yield* measureModel('heavy_row', serviceWith(heavySettings('heavy_row')), BOTH_CORES);
  },
};

async function* measureModel(model: string, contender: Contender, cores: string): AsyncGenerator<Row> {
  await using running = await RunningContender.start(contender, cores);
  const rows = (name: string, values: Values): Row[] => toRows(`${model}, ${name}`, contender.name, values);
  await loadByWrk(running, { request: SINGLE, connections: 64, seconds: warmUpSeconds });
  const closed = await loadByWrk(running, { request: SINGLE, connections: 64, seconds: peakSeconds });
  const offered = OVERLOAD * closed.requestsPerSecond;
  yield* rows('peak', { 'requests/s': closed.requestsPerSecond });
  yield* rows('offered', { 'requests/s': offered });
  yield* rows('one caller at rest', await oneCaller(running));

  const memory = [residentMiB(running.pid)];
  const meter = setInterval(() => memory.push(residentMiB(running.pid)), MEMORY_INTERVAL_SECONDS * 1000);
  const [{ latency }, probes] = await Promise.all([
    sendSingles(running, offered),
    probeLive(running.url, probesPerSecond, seconds),
  ]);
  clearInterval(meter);
  await sleep(REST_MS);
  yield* rows(`one caller ${REST_MS / 1000} s after the load`, await oneCaller(running));
  for (const status of [200, 503, 504]) {
    const { count, p50Ms, p99Ms } = latency(status);
    yield* rows(`status ${status}`, {
      'requests/s': count / seconds,
      '% of offered': (100 * count) / seconds / offered,
      'p50 (ms)': p50Ms,
      'p99 (ms)': p99Ms,
    });
  }
  yield* rows('/health/live', { 'p50 (ms)': probes.p50Ms, 'p99 (ms)': probes.p99Ms });
  for (const [index, mebibytes] of memory.entries()) {
    yield* rows(`after ${index * MEMORY_INTERVAL_SECONDS} s`, { 'RSS (MiB)': mebibytes });
  }
}

async function oneCaller(running: RunningContender): Promise<Values> {
  const { p50Ms } = await loadByWrk(running, { request: SINGLE, connections: 1, seconds: 2 });
  return { 'p50 (ms)': p50Ms };
}

async function sendSingles(running: RunningContender, requestsPerSecond: number): Promise<OpenLoopResult> {
  const expected = await checkedAnswer(running, SINGLE);
  return openLoop(running.url, {
    request: { ...SINGLE, headers: { 'X-Request-Timeout-Ms': String(budgetMs) } },
    isRight: ({ status, body }) => (status === 200 ? body === expected : status === 503 || status === 504),
    requestsPerSecond,
    seconds,
    connections: CONNECTIONS,
  });
}
