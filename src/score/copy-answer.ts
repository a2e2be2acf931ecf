import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Feature } from '../bundle/feature.js';
import type { Thresholds } from '../bundle/manifest.js';
import { duckdbMessage } from './database.js';
import type { FileFormat } from './file-format.js';
import { type Input, isNumbered } from './input.js';
import type { ScoreOptions } from './options.js';
import { Progress, type Screen } from './progress.js';
import { answerQuery, copyOptions } from './query.js';
import { badFile, usageError } from './score-error.js';
import { registerScoring, Tally } from './score-functions.js';
import type { ScoringThreads } from './scoring-threads.js';
import { SetApartRows } from './set-apart-rows.js';
import { sqlText } from './sql-text.js';
import type { Targets } from './target-file.js';

export interface Job {
  readonly targets: Targets;
  readonly input: Input;
  readonly kept: readonly string[];
  readonly options: ScoreOptions;
  readonly features: readonly Feature[];
  readonly thresholds: Thresholds;
  readonly version: string;
}

export interface Workshop {
  readonly database: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly threads: ScoringThreads;
  readonly screen: Screen;
}

/**
 * Reads, scores and writes all rows, in one stream through DuckDB.
 *
 * DuckDB numbers the rows of CSV and NDJSON on one thread only. So they are numbered from the first refused row on, which has
 * to be named: then all begins anew.
 */
export async function copyAnswer(job: Job, workshop: Workshop): Promise<Tally> {
  const { options, input } = job;
  let tally = new Tally(isNumbered(input));
  const functions = {
    features: job.features,
    threads: workshop.threads,
    tally: () => tally,
    source: input.format.kind,
    asJson: (options.errors ?? options.output).format.kind === 'ndjson',
  };
  registerScoring(workshop.connection, functions);
  const apart = job.targets.apart && (await SetApartRows.start(workshop, job.kept, functions));
  await requireCondition(job, workshop);
  const progress = new Progress(
    workshop.screen,
    () => tally,
    () => workshop.connection.progress.percentage / 100,
  );
  try {
    await copyRows(job, workshop, tally).catch(async (error: unknown) => {
      if (tally.areRowsNumbered || tally.refused === 0) {
        throw error;
      }
      tally = new Tally(true);
      await copyRows(job, workshop, tally);
    });
  } finally {
    progress.stop();
  }
  if (apart !== undefined && options.errors !== undefined) {
    await copy(workshop, apart.finish(), job.targets.apart?.temporaryPath ?? '', options.errors.format);
  }
  return tally;
}

async function copyRows(job: Job, workshop: Workshop, { areRowsNumbered }: Tally): Promise<void> {
  const { targets, options } = job;
  const query = queryOf(job, options.where, areRowsNumbered);
  await copy(workshop, query, targets.answer.temporaryPath, options.output.format);
}

async function copy(
  { connection }: Workshop,
  query: string,
  path: string,
  format: FileFormat,
): Promise<void> {
  try {
    await connection.run(`COPY (${query}) TO ${sqlText(path)} (${copyOptions(format)}, USE_TMP_FILE false)`);
  } catch (error) {
    throw badFile(`${duckdbMessage(error)}.`, error);
  }
}

/** Tells a fault of the condition from one of the file: nothing is read for it. */
async function requireCondition(job: Job, { connection }: Workshop): Promise<void> {
  const { where } = job.options;
  if (where === undefined) {
    return;
  }
  try {
    (await connection.prepare(queryOf(job, where, false))).destroySync();
  } catch (error) {
    throw usageError(
      `--where ${JSON.stringify(where)} is no condition on the input: ${duckdbMessage(error)}.`,
    );
  }
}

function queryOf(job: Job, where: string | undefined, areRowsNumbered: boolean): string {
  const { options, targets } = job;
  return answerQuery({
    ...job,
    where,
    areRowsNumbered,
    areErrorsApart: targets.apart !== undefined,
    outputKind: options.output.format.kind,
  });
}
