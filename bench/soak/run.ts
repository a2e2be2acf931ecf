import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { withContender } from '../contender.js';
import { pinToGeneratorCore, SERVICE_CORE } from '../cores.js';
import { BENCH, ROOT } from '../paths.js';
import { requireTools } from '../tools.js';
import { serviceWithVitalSigns } from '../vital-signs.js';
import { WrongAnswerError } from '../wrong-answer.error.js';
import { Caller } from './caller.js';
import { judge } from './flatness.js';
import { plot } from './plot.js';
import { handleCount, record, type Sample } from './recorder.js';
import { type Soak, summary, toMarkdown } from './results.js';
import { provenTraffic, sendMixed } from './traffic.js';

/** A run of fewer is too short to tell whether a figure is flat. */
const FULL_REQUESTS = 2_000_000;
const CALLERS = 16;
const SETTLE_MS = 2000;

async function main(requestCount: number): Promise<void> {
  requireTools('taskset');
  pinToGeneratorCore();
  const soak = await run(requestCount);
  console.log(summary(soak));
  if (requestCount < FULL_REQUESTS) {
    return;
  }
  const verdicts = judge(soak.samples);
  const results = toMarkdown(soak, verdicts);
  console.log(results);
  writeFileSync(join(BENCH, 'soak-results.md'), results);
  writeFileSync(join(ROOT, 'docs/images/soak.svg'), plot(soak.samples, verdicts));
  const changing = verdicts.filter(({ isFlat }) => isFlat === false).map(({ vital }) => vital.name);
  if (changing.length > 0) {
    throw new Error(`Not flat: ${changing.join(', ')}.`);
  }
}

async function run(requestCount: number): Promise<Soak> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const vitalSignsFile = join(folder, 'vital-signs');
  const service = serviceWithVitalSigns(vitalSignsFile, {}, ['--expose-gc']);
  try {
    return await withContender(service, SERVICE_CORE, async (running) => {
      const kinds = await provenTraffic(running);
      await sleep(SETTLE_MS);
      const handlesBefore = handleCount(running.pid);
      const callers = Array.from({ length: CALLERS }, () => new Caller(running.url));
      const samples: Sample[] = [];
      const stop = new AbortController();
      const count = (): number => callers.reduce((sum, caller) => sum + caller.requestCount, 0);
      const startMs = performance.now();
      await Promise.race([
        sendMixed(kinds, callers, requestCount),
        record(running, vitalSignsFile, count, samples, stop.signal),
      ]).finally(() => {
        stop.abort();
      });
      const seconds = (performance.now() - startMs) / 1000;
      await sleep(SETTLE_MS);
      const handlesAfter = handleCount(running.pid);
      if (handlesAfter > handlesBefore) {
        throw new Error(
          `${handlesAfter} files and sockets are open after the last client has left, ${handlesBefore} before the first.`,
        );
      }
      const answerCount = callers.reduce((sum, caller) => sum + caller.answerCount, 0);
      return { kinds, requestCount, answerCount, seconds, samples, handlesBefore, handlesAfter };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function requestCountOf(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { requests: { type: 'string' } } });
  const requestCount = Number(values.requests ?? FULL_REQUESTS);
  if (!Number.isInteger(requestCount) || requestCount < 100) {
    throw new Error('--requests takes an integer from 100 on.');
  }
  return requestCount;
}

try {
  await main(requestCountOf(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof WrongAnswerError ? error.message : error);
  process.exitCode = 1;
}
