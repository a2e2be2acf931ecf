import { copyAnswer } from './copy-answer.js';
import { allowWriting, openDatabase } from './database.js';
import { openInput, withFeatures } from './input.js';
import type { ScoreFile, ScoreOptions } from './options.js';
import type { Screen } from './progress.js';
import { ANSWER_COLUMNS, keptColumns } from './required-columns.js';
import type { Tally } from './score-functions.js';
import type { ScoringThreads } from './scoring-threads.js';
import type { Targets } from './target-file.js';

export interface RowsToScore {
  readonly targets: Targets;
  readonly file: ScoreFile;
  readonly options: ScoreOptions;
  readonly threads: Promise<ScoringThreads>;
  readonly signal: AbortSignal;
  readonly screen: Screen;
}

/** Checks the columns of the file, and scores its rows into the targets. */
export async function scoreRows(rows: RowsToScore): Promise<Tally> {
  const { targets, file, options, signal, screen } = rows;
  // DuckDB opens its database while the model is proven.
  const [threads, database] = await Promise.all([rows.threads, openDatabase(options.output.format.kind)]);
  signal.throwIfAborted();
  const { contract, thresholds, version } = threads.model;
  const { features } = contract;
  const connection = await database.connect();
  signal.addEventListener('abort', () => {
    connection.interrupt();
  });
  const found = await openInput(connection, file, { ...options, features });
  const kept = keptColumns(found, features, options.keep);
  const input = withFeatures(found, features);
  await allowWriting(connection, options.output.format.kind, kept.length + ANSWER_COLUMNS.length);
  return copyAnswer(
    { targets, input, kept, options, features, thresholds, version },
    { database, connection, threads, screen },
  );
}
