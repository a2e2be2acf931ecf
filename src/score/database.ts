import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** DuckDB's part of the memory. With less it waits for itself, which takes twice the CPU time. */
const MEMORY_MB = 64;
const MEMORY_MB_A_THREAD = 48;

/** Opens DuckDB without a file of its own, and without what it would fetch from elsewhere. */
export async function openDatabase(): Promise<DuckDBInstance> {
  const threads = availableParallelism();
  return DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${MEMORY_MB + threads * MEMORY_MB_A_THREAD}MB`,
    temp_directory: join(tmpdir(), `.churn-score.${process.pid}.duckdb`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
}

/** The first lines of DuckDB's message, which say what is wrong; the others advise its own options. */
export function duckdbMessage(error: unknown): string {
  const [message = ''] = (error as Error).message.split(/\n\s*(?:\n|Possible |Candidate|LINE \d|file = )/);
  return message.replace(/\s*\n\s*/g, '; ').replace(/[.;\s]+$/, '');
}
