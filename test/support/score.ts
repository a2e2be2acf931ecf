import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import type { Environment } from './service.js';

/** How a run of the command ended. */
export interface ScoreRun {
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Starts the built command with these variables and none of the test run's own. */
export function spawnScore(parameters: readonly string[], environment: Environment = {}): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, ['bundle/score.js', ...parameters], { env: { PATH, ...environment } });
}

export async function score(
  parameters: readonly string[],
  environment: Environment = {},
  stdin: Uint8Array | string = '',
): Promise<ScoreRun> {
  return ended(spawnScore(parameters, environment), stdin);
}

/** Gives a run its standard input, and awaits its end. */
export async function ended(child: ChildProcess, stdin: Uint8Array | string = ''): Promise<ScoreRun> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  child.stdin?.on('error', () => undefined).end(stdin);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout: Buffer.concat(stdout), stderr };
}

/** A folder that is removed after the test. */
export function scoreFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'churn-score-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export type Row = Readonly<Record<string, unknown>>;

/** Runs SQL, and gives its rows. */
export async function sql(query: string): Promise<Row[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const result = await connection.runAndReadAll(query);
  return result.getRowObjectsJS();
}
