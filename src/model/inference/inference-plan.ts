import type { Settings } from '../../config/settings.js';
import { workerCount } from '../../config/worker-count.js';

/**
 * The longest pass for which `auto` lets the event loop wait. Above it the way to a thread and back, about 0.1 ms, costs
 * little next to the pass, and in line every probe would wait.
 */
const LONGEST_INLINE_PASS_MS = 2;

/** The passes of a model whose file is larger are hardly ever so short. */
const LARGE_MODEL_BYTES = 4 * 2 ** 20;

/** The least rows of a pass with `auto`: a whole batch and some single rows. */
const LEAST_ROWS = 128;
/** Beyond this many rows the fixed cost of a pass is a hundredth of it, so larger passes gain nothing. */
const MOST_ROWS = 1024;

/** Of a pass that no prediction shares. More rows gain nothing. */
const MOST_SLICE_ROWS = 8192;

/** Where forward passes are run, and how large they may be. */
export interface InferencePlan {
  /** Threads of this process that run passes; 0 stands for the event loop's own. */
  readonly threadCount: number;
  readonly maxBatchRows: number;
  /** Most rows of a pass that no prediction shares. Its duration is bounded too. */
  readonly maxSliceRows: number;
}

type Choices = Pick<Settings, 'inferenceThreads' | 'maxBatchRows' | 'workers'>;

/** Rows of the pass by whose length `planInference` decides. */
export function rowsToTime({ maxBatchRows }: Pick<Settings, 'maxBatchRows'>): number {
  return maxBatchRows === 'auto' ? LEAST_ROWS : maxBatchRows;
}

/**
 * @param passMs duration of a pass of `rowsToTime` rows
 * @param coreCount cores that all processes share
 */
export function planInference(settings: Choices, passMs: number, coreCount: number): InferencePlan {
  return {
    threadCount: threadCount(settings, passMs, coreCount),
    maxBatchRows: maxBatchRows(settings, passMs),
    maxSliceRows: settings.maxBatchRows === 'auto' ? MOST_SLICE_ROWS : settings.maxBatchRows,
  };
}

/** How many threads a model of this size will likely get, while no pass of it is timed. */
export function likelyThreadCount(settings: Choices, modelBytes: number, coreCount: number): number {
  return threadCount(settings, modelBytes > LARGE_MODEL_BYTES ? Infinity : 0, coreCount);
}

function threadCount(settings: Choices, passMs: number, coreCount: number): number {
  if (settings.inferenceThreads !== 'auto') {
    return settings.inferenceThreads;
  }
  if (passMs <= LONGEST_INLINE_PASS_MS) {
    return 0;
  }
  // One core of each process's share is for its event loop.
  return Math.max(1, Math.floor(coreCount / workerCount(settings)) - 1);
}

function maxBatchRows(settings: Choices, passMs: number): number {
  if (settings.maxBatchRows !== 'auto') {
    return settings.maxBatchRows;
  }
  const rowsThatFit = Math.floor(LEAST_ROWS * (LONGEST_INLINE_PASS_MS / passMs));
  return Math.min(Math.max(rowsThatFit, LEAST_ROWS), MOST_ROWS);
}
