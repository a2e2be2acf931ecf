import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinToGeneratorCore } from './cores.js';
import { type Figures, goalsTable } from './goals.js';
import { describeMachine } from './machine.js';
import { BENCH } from './paths.js';
import { PYTHON_VERSIONS } from './peers.js';
import { type Report, toMarkdown } from './report.js';
import { requireTools } from './tools.js';
import { cost } from './workloads/cost.js';
import { heavy } from './workloads/heavy.js';
import { memory } from './workloads/memory.js';
import { openLoop } from './workloads/open-loop.js';
import { overload } from './workloads/overload.js';
import { predictions } from './workloads/predictions.js';
import { start } from './workloads/start.js';
import { workers } from './workloads/workers.js';

const WORKLOADS: Readonly<Record<string, () => Promise<Report>>> = {
  predictions,
  'open-loop': openLoop,
  heavy,
  overload,
  workers,
  start,
  memory,
  cost,
};

const MADE_BY =
  'Written by `npm run bench`. [README.md](README.md) says who is compared, how, and how to read it.';

/** Measures one workload and prints it, or all of them and writes the results too. */
async function main(name: string | undefined): Promise<void> {
  requireTools('taskset', 'wrk');
  pinToGeneratorCore();
  if (name !== undefined) {
    const workload = WORKLOADS[name];
    if (workload === undefined) {
      throw new Error(`There is no workload ${name}, only ${Object.keys(WORKLOADS).join(', ')}.`);
    }
    await measure(workload);
    return;
  }
  const reports: Report[] = [];
  for (const workload of Object.values(WORKLOADS)) {
    reports.push(await measure(workload));
  }
  const figures: Figures = Object.assign({}, ...reports.map((report) => report.figures)) as Figures;
  const goals = toMarkdown({ title: 'Goals', text: 'Medians of this run.', tables: [goalsTable(figures)] });
  console.log(goals);
  const parts = [
    '# Benchmark results',
    MADE_BY,
    describeMachine(PYTHON_VERSIONS),
    goals,
    ...reports.map(toMarkdown),
  ];
  writeFileSync(join(BENCH, 'results.md'), parts.map((part) => part.trimEnd()).join('\n\n') + '\n');
}

async function measure(workload: () => Promise<Report>): Promise<Report> {
  console.log(`measuring ${workload.name} ...`);
  const report = await workload();
  console.log(toMarkdown(report));
  return report;
}

try {
  await main(process.argv[2]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
