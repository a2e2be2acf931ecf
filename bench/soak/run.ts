import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serviceWith, TELLS_VITAL_SIGNS } from '../contenders.js';
import { isReached } from '../goals.js';
import { figure, renderGoals, renderMachine, renderRows, renderTable } from '../render.js';
import { mediansOf } from '../rows.js';
import { pinToGeneratorCore, RunningContender, SERVICE_CORE } from '../running-contender.js';
import { FLATNESS, plot, rowsOf, RULE, type Sample } from './flatness.js';
import { KINDS } from './kinds.js';
import { type Progress, provenKinds, sendMixed } from './traffic.js';

/** A run of fewer is too short to tell whether a figure is flat. */
const FULL_REQUESTS = 2_000_000;
const CLIENTS = 16;
const SETTLE_MS = 2000;
const INTERVAL_MS = 1000;
const MIB = 2 ** 20;

const INTRODUCTION = `# Soak results

Written by \`npm run soak\`. [README.md](README.md#soak) says what it does.`;

/** @throws {Error} if an answer is wrong, a file or socket is left open, or a figure is not flat */
async function main(requestCount: number): Promise<void> {
  pinToGeneratorCore();
  const samples: Sample[] = [];
  const summary = await soak(requestCount, samples);
  console.log(summary);
  if (requestCount < FULL_REQUESTS) {
    return;
  }
  const rows = rowsOf(samples);
  const results = [
    INTRODUCTION,
    renderMachine(),
    summary,
    renderRows(rows),
    renderGoals(FLATNESS, rows),
    RULE,
    '![The course of each figure](../docs/images/soak.svg)',
    renderTable([['Requests', 'Share'], ...KINDS.map(({ name, percent }) => [name, `${percent} %`])]),
  ].join('\n\n');
  console.log(results);
  writeFileSync('bench/soak-results.md', results + '\n');
  writeFileSync('docs/images/soak.svg', plot(samples));
  const missed = FLATNESS.filter((goal) => !isReached(goal, goal.figure(mediansOf(rows))));
  if (missed.length > 0) {
    throw new Error(`Not flat: ${missed.map(({ what }) => what).join(', ')}.`);
  }
}

/** @returns what is said of correctness and handles */
async function soak(requestCount: number, samples: Sample[]): Promise<string> {
  await using running = await RunningContender.start(serviceWith({}, TELLS_VITAL_SIGNS), SERVICE_CORE);
  const kinds = await provenKinds(running.url);
  await sleep(SETTLE_MS);
  const handlesBefore = running.handleCount;
  const progress = { requestCount: 0, answerCount: 0 };
  const stop = new AbortController();
  const startMs = performance.now();
  await Promise.race([
    sendMixed(running.url, kinds, CLIENTS, requestCount, progress),
    record(running, progress, samples, stop.signal),
  ]).finally(() => {
    stop.abort();
  });
  const seconds = (performance.now() - startMs) / 1000;
  await sleep(SETTLE_MS);
  const handlesAfter = running.handleCount;
  if (handlesAfter > handlesBefore) {
    throw new Error(
      `${handlesAfter} files and sockets are open after the last client has left, ${handlesBefore} before the first.`,
    );
  }
  const count = (value: number): string => value.toLocaleString('en-US');
  const { answerCount } = progress;
  return (
    `${count(requestCount)} requests in ${figure(seconds)} s. ${count(answerCount)} were answered, each of them with the ` +
    `right status and the right text; the clients of the other ${count(requestCount - answerCount)} did not wait. ` +
    `Open files and sockets without any client: ${handlesBefore} before, ${handlesAfter} after.`
  );
}

/** Samples the service once a second until it is told to stop. */
async function record(
  running: RunningContender,
  progress: Progress,
  samples: Sample[],
  signal: AbortSignal,
): Promise<void> {
  const startMs = performance.now();
  let last = { atMs: startMs, requestCount: 0, cpuSeconds: running.cpuSeconds };
  await running.vitalSigns(); // Forgets what was before.
  for (;;) {
    await sleep(INTERVAL_MS);
    if (signal.aborted) {
      return;
    }
    const { memory, liveHeap, eventLoopDelayP99Ms } = await running.vitalSigns();
    const { requestCount } = progress;
    const now = { atMs: performance.now(), requestCount, cpuSeconds: running.cpuSeconds };
    const requests = requestCount - last.requestCount;
    const values = {
      'RSS (MiB)': memory.rss / MIB,
      'live heap (MiB)': liveHeap / MIB,
      'heap used (MiB)': memory.heapUsed / MIB,
      'external memory (MiB)': memory.external / MIB,
      'open files and sockets': running.handleCount,
      'event-loop delay p99 (ms)': eventLoopDelayP99Ms,
      'requests/CPU-s': requests / (now.cpuSeconds - last.cpuSeconds),
      'requests/s': (requests * 1000) / (now.atMs - last.atMs),
    };
    samples.push({ atSeconds: (now.atMs - startMs) / 1000, values });
    last = now;
  }
}

const { values } = parseArgs({ options: { requests: { type: 'string' } } });
const requestCount = Number(values.requests ?? FULL_REQUESTS);
if (!Number.isInteger(requestCount) || requestCount < 100) {
  throw new Error('--requests takes an integer from 100 on.');
}
await main(requestCount);
