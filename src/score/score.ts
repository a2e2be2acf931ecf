import { availableParallelism } from 'node:os';
import type { Settings } from '../config/settings.js';
import { requireWhole } from './decompression.js';
import type { ScoreFile, ScoreOptions } from './options.js';
import type { Screen } from './progress.js';
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
    const whole = requireWhole(source.file, surroundings.signal);
    // It is awaited after the rows: a process that ends while a pass runs aborts.
    whole.catch(() => undefined);
    const outcome = await scoreInto({ answer, apart }, source.file, options, surroundings);
    await whole;
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
  const starting = ScoringThreads.start({ modelPath, allowUnverified }, availableParallelism());
  // DuckDB is loaded while the model is.
  const loading = import('./score-rows.js');
  const [threads, { scored, refused }] = await Promise.all([
    starting,
    loading.then(({ scoreRows }) => scoreRows({ targets, file, options, threads: starting, signal, screen })),
  ]);
  signal.throwIfAborted();
  return { scored, refused, version: threads.model.version };
}
