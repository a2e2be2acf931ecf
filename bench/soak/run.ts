import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serviceWith, TELLS_VITAL_SIGNS } from '../contenders.js';
import { isReached } from '../goals.js';
import { type Exchange, runClients } from '../load.js';
import { figure, renderGoals, renderMachine, renderRows, renderTable } from '../render.js';
import { mediansOf } from '../rows.js';
import { pinToGeneratorCore, RunningContender, SERVICE_CORE } from '../running-contender.js';
import { FLATNESS, rowsOf, RULE, type Sample } from './flatness.js';
import { KINDS, provenMixture } from './mixture.js';

/** A run of fewer is too short to tell whether a figure is flat. */
const FULL_REQUESTS = 2_000_000;
const CLIENTS = 16;
const SETTLE_MS = 2000;
const INTERVAL_MS = 1000;
const MIB = 2 ** 20;

const INTRODUCTION = `# Soak results

Written by \`npm run soak\`. [README.md](README.md#soak) says what it does.`;

/** Sends the requests, and says of correctness and handles what is to be said. @throws {Error} if one of them is wrong */
async function soak(requestCount: number, samples: Sample[]): Promise<string> {
  await using running = await RunningContender.start(serviceWith({}, TELLS_VITAL_SIGNS), SERVICE_CORE);
  const mixture = await provenMixture(running.url);
  await sleep(SETTLE_MS);
  const handlesBefore = running.handleCount;
  let sent = 0;
  const next = (): Exchange | undefined => {
    const choices = mixture[sent % mixture.length] ?? [];
    // Places are the same in each hundred: without the hundred's number one would meet a part of its choices only.
    const turn = sent + Math.floor(sent / mixture.length);
    return sent++ < requestCount ? choices[turn % choices.length] : undefined;
  };
  const startMs = performance.now();
  const stop = new AbortController();
  const recorded = record(running, () => sent, samples, stop.signal);
  const { count: answered } = await runClients(running.url, CLIENTS, next).finally(() => {
    stop.abort();
  });
  const seconds = (performance.now() - startMs) / 1000;
  await recorded;
  await sleep(SETTLE_MS);
  const handlesAfter = running.handleCount;
  if (handlesAfter > handlesBefore) {
    throw new Error(
      `${handlesAfter} files and sockets are open after the last client has left, not ${handlesBefore}.`,
    );
  }
  const [all, right, others] = [requestCount, answered, requestCount - answered].map((n) =>
    n.toLocaleString('en-US'),
  );
  return (
    `${all} requests in ${figure(seconds)} s. ${right} were answered, each of them with the ` +
    `right status and the right text; the clients of the other ${others} did not wait. ` +
    `Open files and sockets without any client: ${handlesBefore} before, ${handlesAfter} after.`
  );
}

/** Samples the service once a second until it is told to stop. */
async function record(
  running: RunningContender,
  requestCount: () => number,
  samples: Sample[],
  signal: AbortSignal,
): Promise<void> {
  const read = (): { atMs: number; requests: number; cpuSeconds: number } => ({
    atMs: performance.now(),
    requests: requestCount(),
    cpuSeconds: running.cpuSeconds,
  });
  let last = read();
  await running.vitalSigns(); // Forgets what was before.
  for (;;) {
    await sleep(INTERVAL_MS);
    if (signal.aborted) {
      return;
    }
    const { memory, liveHeap, eventLoopDelayP99Ms } = await running.vitalSigns();
    const now = read();
    const requests = now.requests - last.requests;
    samples.push({
      'RSS (MiB)': memory.rss / MIB,
      'live heap (MiB)': liveHeap / MIB,
      'heap used (MiB)': memory.heapUsed / MIB,
      'external memory (MiB)': memory.external / MIB,
      'open files and sockets': running.handleCount,
      'event-loop delay p99 (ms)': eventLoopDelayP99Ms,
      'requests/CPU-s': requests / (now.cpuSeconds - last.cpuSeconds),
      'requests/s': (requests * 1000) / (now.atMs - last.atMs),
    });
    last = now;
  }
}

const { values } = parseArgs({ options: { requests: { type: 'string', default: String(FULL_REQUESTS) } } });
const requestCount = Number(values.requests);
if (!Number.isInteger(requestCount) || requestCount < 100) {
  throw new Error('--requests takes an integer from 100 on.');
}
pinToGeneratorCore();
const samples: Sample[] = [];
const summary = await soak(requestCount, samples);
console.log(summary);
if (requestCount >= FULL_REQUESTS) {
  const rows = rowsOf(samples);
  const results = [
    INTRODUCTION,
    renderMachine(),
    summary,
    renderRows(rows),
    renderGoals(FLATNESS, rows),
    RULE,
    renderTable([['Requests', 'Share'], ...KINDS.map(({ name, percent }) => [name, `${percent} %`])]),
  ].join('\n\n');
  console.log(results);
  writeFileSync('bench/soak-results.md', results + '\n');
  const missed = FLATNESS.filter((goal) => !isReached(goal, goal.figure(mediansOf(rows))));
  if (missed.length > 0) {
    throw new Error(`Not flat: ${missed.map(({ what }) => what).join(', ')}.`);
  }
}
