import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PYTHON_VERSIONS } from './contenders.js';
import { IS_QUICK } from './plan.js';
import { GOALS } from './goals.js';
import { renderGoals, renderMachine, renderWorkload } from './render.js';
import type { Row, Workload } from './rows.js';
import { pinToGeneratorCore } from './running-contender.js';
import { memory, start } from './workloads/footprint.js';
import { openLoop, overload } from './workloads/latency.js';
import { cost, heavy } from './workloads/model.js';
import { predictions, workers } from './workloads/throughput.js';

const WORKLOADS = [predictions, openLoop, heavy, overload, workers, start, memory, cost];
const INTRODUCTION = `# Benchmark results

Written by \`npm run bench\`. [README.md](README.md) says who is compared, how, and how to read it.`;

/** Measures the named workloads and prints them, or measures all of them and writes the results too. */
async function main(names: readonly string[]): Promise<void> {
  const workloads = names.length === 0 ? WORKLOADS : names.map(workloadOf);
  pinToGeneratorCore();
  const allRows: Row[] = [];
  const sections: string[] = [];
  for (const workload of workloads) {
    console.log(`measuring ${workload.name} ...`);
    const rows: Row[] = [];
    for await (const row of workload.measure()) {
      rows.push(row);
    }
    const section = renderWorkload(workload, rows);
    console.log(`${section}\n`);
    allRows.push(...rows);
    sections.push(section);
  }
  if (names.length > 0) {
    return;
  }
  const goals = `## Goals\n\nMedians of this run.\n\n${renderGoals(GOALS, allRows)}`;
  console.log(goals);
  if (!IS_QUICK) {
    const parts = [INTRODUCTION, renderMachine(PYTHON_VERSIONS), goals, ...sections];
    writeFileSync('bench/results.md', parts.join('\n\n') + '\n');
  }
}

function workloadOf(name: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.name === name);
  if (workload === undefined) {
    throw new Error(`There is no workload ${name}, only ${WORKLOADS.map((known) => known.name).join(', ')}.`);
  }
  return workload;
}

try {
  const { positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } });
  await main(positionals);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
