import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { serviceWithVitalSigns } from '../contenders.js';
import { pinToGeneratorCore, SERVICE_CORE } from '../cores.js';
import { isReached } from '../goals.js';
import { figure, renderGoals, renderMachine, renderRows, renderTable } from '../render.js';
import { mediansOf } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { KINDS } from './requests.js';
import { proven, sendMixed } from './traffic.js';
import { FLATNESS, handleCount, plot, record, rowsOf, RULE, type Sample } from './vitals.js';

/** A run of fewer is too short to tell whether a figure is flat. */
const FULL_REQUESTS = 2_000_000;
const CLIENTS = 16;
const SETTLE_MS = 2000;

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
  const service = serviceWithVitalSigns({}, ['--expose-gc']);
  await using running = await RunningContender.start(service, SERVICE_CORE);
  const { url, pid } = running;
  const kinds = await proven(url, KINDS);
  await sleep(SETTLE_MS);
  const handlesBefore = handleCount(pid);
  const progress = { requestCount: 0, answerCount: 0 };
  const stop = new AbortController();
  const startMs = performance.now();
  await Promise.race([
    sendMixed(url, kinds, CLIENTS, requestCount, progress),
    record(running, progress, samples, stop.signal),
  ]).finally(() => {
    stop.abort();
  });
  const seconds = (performance.now() - startMs) / 1000;
  await sleep(SETTLE_MS);
  const handlesAfter = handleCount(pid);
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

const { values } = parseArgs({ options: { requests: { type: 'string' } } });
const requestCount = Number(values.requests ?? FULL_REQUESTS);
if (!Number.isInteger(requestCount) || requestCount < 100) {
  throw new Error('--requests takes an integer from 100 on.');
}
await main(requestCount);
