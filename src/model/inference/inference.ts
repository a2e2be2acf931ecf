import type { FeatureTable } from '../feature-table.js';

/**
 * Runs the graph once.
 *
 * @param table [rows, features]
 * @returns the graph's probability of class 1 for each row, unchecked
 * @throws {Error} if the graph fails, or gives a tensor of another shape than [N, 2], [N, 1] or [N]
 */
export type ForwardPass = (table: FeatureTable) => Promise<Float64Array>;

/** `stalled` and `recovering` last until a pass ends, or a thread is replaced, after all. */
export type InferenceStatus = 'available' | 'stalled' | 'recovering';

/** Where forward passes are run. */
export interface Inference {
  readonly forwardPass: ForwardPass;
  /** How many passes can run at the same time. */
  readonly passesAtOnce: number;
  /** Whether a pass can be run. */
  readonly status: InferenceStatus;
  /** Whether any pass has run for longer than it may, so that only a new process helps. */
  readonly isStalled: boolean;
  /** Frees the graph. No pass may be started after it. */
  release(): Promise<void>;
}
