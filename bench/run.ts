import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PYTHON_VERSIONS } from './contenders.js';
import { GOALS } from './goals.js';
import { IS_QUICK } from './plan.js';
import { renderGoals, renderMachine, renderRows } from './render.js';
import type { Row } from './rows.js';
import { pinToGeneratorCore } from './running-contender.js';
import { candidate } from './workloads/candidate.js';
import { explanations } from './workloads/explanations.js';
import { fairness } from './workloads/fairness.js';
import { memory, start } from './workloads/footprint.js';
import { inferenceProtocol } from './workloads/inference-protocol.js';
import { openLoop, overload } from './workloads/latency.js';
import { cost, heavy } from './workloads/model.js';
import { predictions, telco, workers } from './workloads/throughput.js';

const WORKLOADS = [
  predictions,
  telco,
  openLoop,
  heavy,
  overload,
  workers,
  explanations,
  candidate,
  inferenceProtocol,
  fairness,
  start,
  memory,
  cost,
];
const INTRODUCTION = `# Benchmark results

Written by \`npm run bench\`. [README.md](README.md) says who is compared, how, and how to read it.`;

// Measures the named workloads and prints them, or measures all of them and writes the results too.
const { positionals: names } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } });
const workloads = WORKLOADS.filter(({ name }) => names.length === 0 || names.includes(name));
if (workloads.length < names.length) {
  throw new Error(`There are no workloads but ${WORKLOADS.map(({ name }) => name).join(', ')}.`);
}
pinToGeneratorCore();
const allRows: Row[] = [];
const sections: string[] = [];
for (const { name, title, text, measure } of workloads) {
  console.log(`measuring ${name} ...`);
  const rows: Row[] = [];
  for await (const row of measure()) {
    rows.push(row);
  }
  const section = `## ${title}\n\n${text}\n\n${renderRows(rows)}`;
  console.log(`${section}\n`);
  allRows.push(...rows);
  sections.push(section);
}
if (names.length === 0) {
  const goals = `## Goals\n\nMedians of this run.\n\n${renderGoals(GOALS, allRows)}`;
  console.log(goals);
  if (!IS_QUICK) {
    const parts = [INTRODUCTION, renderMachine(PYTHON_VERSIONS), goals, ...sections];
    writeFileSync('bench/results.md', parts.join('\n\n') + '\n');
  }
}
