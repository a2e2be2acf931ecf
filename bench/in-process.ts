import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { COMPILED, ROOT } from './paths.js';

const PROGRAM = join(COMPILED, 'model-process.js');

/** Measures ModelService without HTTP. @returns microseconds of a pass for each of the numbers of rows */
export async function microsecondsPerPass(
  rowCounts: readonly number[],
  durationMs: number,
  cores: string,
  environment: Readonly<Record<string, string>>,
): Promise<number[]> {
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(
    'taskset',
    ['--cpu-list', cores, process.execPath, PROGRAM, ...[durationMs, ...rowCounts].map(String)],
    { cwd: ROOT, env: { PATH, ...environment } },
  );
  return JSON.parse(stdout) as number[];
}
