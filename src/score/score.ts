import { availableParallelism } from 'node:os';
import type { Settings } from '../config/settings.js';
import { copyAnswer } from './copy-answer.js';
import { openDatabase } from './database.js';
import { openInput } from './input.js';
import type { ScoreFile, ScoreOptions } from './options.js';
import type { Screen } from './progress.js';
import { keptColumns } from './required-columns.js';
import { ScoringThreads } from './scoring-threads.js';
import { SourceFile } from './source-file.js';
import { TargetFile, type Targets } from './target-file.js';

export interface Outcome {
  readonly scored: number;
  readonly refused: number;
  readonly version: string;
}

export interface Surroundings {
  readonly settings: Pick<Settings, 'modelPath' | 'allowUnverifiedModel'>;
  /** Ends the run without an answer. */
  readonly signal: AbortSignal;
  readonly screen: Screen;
}

/**
 * Scores the rows of a file into another.
 *
 * @throws {ScoreError} if nothing can be scored; then nothing is written
 */
export async function score(options: ScoreOptions, surroundings: Surroundings): Promise<Outcome> {
  const answer = await TargetFile.of(options.output);
  const apart = options.errors === undefined ? undefined : await TargetFile.of(options.errors);
  const source = await SourceFile.of(options.input, surroundings.signal);
  try {
    const outcome = await scoreInto({ answer, apart }, source.file, options, surroundings);
    await apart?.finish();
    await answer.finish();
    return outcome;
  } finally {
    source.discard();
    apart?.discard();
    answer.discard();
  }
}

async function scoreInto(
  targets: Targets,
  file: ScoreFile,
  options: ScoreOptions,
  { settings, signal, screen }: Surroundings,
): Promise<Outcome> {
  const { modelPath, allowUnverifiedModel: allowUnverified } = settings;
  const [threads, database] = await Promise.all([
    ScoringThreads.start({ modelPath, allowUnverified }, availableParallelism()),
    openDatabase(),
  ]);
  const connection = await database.connect();
  signal.addEventListener('abort', () => {
    connection.interrupt();
  });
  const { contract, thresholds, version } = threads.model;
  const input = await openInput(connection, file, namedColumns(options, contract.features));
  const kept = keptColumns(input, contract.features, options.keep);
  signal.throwIfAborted();
  const tally = await copyAnswer(
    { targets, input, kept, options, features: contract.features, thresholds, version },
    { database, connection, threads, screen },
  );
  signal.throwIfAborted();
  return { scored: tally.scored, refused: tally.refused, version };
}

/** All that are needed of a file that states its columns nowhere, if that is known. */
function namedColumns(
  { keep, where }: ScoreOptions,
  features: readonly { readonly name: string }[],
): readonly string[] | undefined {
  return keep === undefined || where !== undefined
    ? undefined
    : [...new Set([...features.map(({ name }) => name), ...keep])];
}
