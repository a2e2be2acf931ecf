import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { memoryLimitBytes } from '../model/memory-limit.js';
import type { FileKind } from './file-format.js';

const CORES = availableParallelism();
const BASE_MB = 64;
/** With less memory DuckDB waits for itself when it reads, which takes twice the CPU time. */
const READING_MB_A_THREAD = 48;
/**
 * One thread writes. Each further one needs 4 MB for each column of the answer, of a quarter of DuckDB's memory. If too few write, the thread
 * that waits for them keeps a core busy.
 */
const WRITING_MB_A_COLUMN = 16;
/** Half of the memory that the process may have. */
const MOST_MB = memoryLimitBytes(process.constrainedMemory(), totalmem()) / 2 / 1e6;

/** Opens DuckDB without a file of its own, and without what it would fetch from elsewhere. */
export async function openDatabase(output: FileKind): Promise<DuckDBInstance> {
  return DuckDBInstance.create(':memory:', {
    threads: String(threadCount(output)),
    memory_limit: atMost(readingMb(output)),
    temp_directory: join(tmpdir(), `.churn-score.${process.pid}.duckdb`),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
}

/** Gives DuckDB what it needs to write so many columns on all threads. */
export async function allowWriting(
  connection: DuckDBConnection,
  output: FileKind,
  columnCount: number,
): Promise<void> {
  const writingMb = BASE_MB + WRITING_MB_A_COLUMN * columnCount * (threadCount(output) - 1);
  await connection.run(`SET memory_limit = '${atMost(Math.max(readingMb(output), writingMb))}'`);
}

/**
 * One more than cores, since a thread waits while its rows are scored: a tenth less time for a million rows on two cores. Writing
 * Parquet, a further thread takes 80 MB.
 */
function threadCount(output: FileKind): number {
  return output === 'parquet' ? CORES : CORES + 1;
}

function readingMb(output: FileKind): number {
  return BASE_MB + READING_MB_A_THREAD * threadCount(output);
}

function atMost(megabytes: number): string {
  return `${Math.round(Math.min(megabytes, MOST_MB))}MB`;
}

/** The first lines of DuckDB's message, which say what is wrong; the others advise its own options. */
export function duckdbMessage(error: unknown): string {
  const [message = ''] = (error as Error).message.split(/\n\s*(?:\n|Possible |Candidate|LINE \d|file = )/);
  return message.replace(/\s*\n\s*/g, '; ').replace(/[.;\s]+$/, '');
}
