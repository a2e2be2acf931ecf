import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SERVICE } from '../contenders.js';
import { SERVICE_CORE } from '../cores.js';
import { PLAN } from '../plan.js';
import { toRows, type Workload } from '../rows.js';

const { rounds, milliseconds } = PLAN.cost;
const MAX_BATCH_ROWS = 4096;

const WORK = [
  { what: 'pass', rowCounts: [1, 2, 10, 50, 100, 1000, MAX_BATCH_ROWS] },
  { what: 'metrics', rowCounts: [1, 100] },
] as const;

/** How cost grows with the rows. */
export const cost: Workload = {
  name: 'cost',
  title: 'How cost grows',
  text: `What rows cost inside this service on one core: in a pass of ModelService (one after the other,
MAX_BATCH_ROWS=${MAX_BATCH_ROWS}), and in the metrics of a request. Medians of ${rounds} rounds. Over HTTP a request takes 1,000,000 µs /
(requests/CPU-s) of the predictions above.`,
  async *measure() {
    for (let round = 0; round < rounds; round++) {
      for (const { what, rowCounts } of WORK) {
        const settings = { MAX_BATCH_ROWS: String(MAX_BATCH_ROWS) };
        const microseconds = await microsecondsOf(what, rowCounts, milliseconds, SERVICE_CORE, settings);
        for (const [index, rowCount] of rowCounts.entries()) {
          const cost = microseconds[index] ?? NaN;
          yield* toRows(`${what}, rows: ${rowCount}`, SERVICE.name, {
            'cost (µs)': cost,
            'cost per row (µs)': cost / rowCount,
          });
        }
      }
    }
  },
};

/** Microseconds inside the service, without HTTP, for each of the numbers of rows. */
export async function microsecondsOf(
  what: 'pass' | 'metrics',
  rowCounts: readonly number[],
  durationMs: number,
  cores: string,
  environment: Readonly<Record<string, string>>,
): Promise<number[]> {
  const { PATH = '' } = process.env;
  const command = [process.execPath, 'bench/build/bench/in-process.js', what, durationMs, ...rowCounts];
  const { stdout } = await promisify(execFile)('taskset', ['--cpu-list', cores, ...command.map(String)], {
    env: { PATH, ...environment },
  });
  return JSON.parse(stdout) as number[];
}
