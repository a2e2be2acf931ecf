import type { MessagePort } from 'node:worker_threads';
import type { Contract } from '../bundle/contract.js';
import type { Thresholds } from '../bundle/manifest.js';
import type { FileKind } from './file-format.js';

/** In place of a probability: the contract does not accept the row. */
export const REFUSED = -1;

/** The data with which a scoring thread starts. */
export interface ThreadProgram {
  readonly modelPath: string;
  readonly allowUnverified: boolean;
  /** For orders and answers. */
  readonly port: MessagePort;
  /** Its one number counts the orders, so that the thread can wait for the next. */
  readonly orderCount: Int32Array<SharedArrayBuffer>;
  /** Its one number counts the answers, so that the main thread can wait for the next. */
  readonly answerCount: Int32Array<SharedArrayBuffer>;
}

/** The model that a thread has proven. */
export interface ProvenModel {
  readonly version: string;
  readonly sha256: string;
  readonly contract: Contract;
  readonly thresholds: Thresholds;
}

/** Rows of DuckDB's chunks, which are scored together. */
export const CHUNK_ROWS = 2048;

/** The first message of a thread. */
export type ThreadStart =
  | {
      readonly kind: 'ready';
      readonly model: ProvenModel;
      /** Duration of a pass of CHUNK_ROWS rows. */
      readonly passMs: number;
    }
  /** The model must not score anything. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Rows, column by column. */
export interface CodedRows {
  readonly rowCount: number;
  /** For each number and boolean: NaN where it is missing, infinity where it is none. */
  readonly numbers: readonly Float64Array[];
  readonly categories: readonly CodedTexts[];
}

/** The values of a category: MISSING, OTHER, or a number that stands for a text. */
export interface CodedTexts {
  readonly codes: Int32Array;
  /** The texts of the numbers that follow those of the listed categories. */
  readonly others: readonly string[];
}

export interface RefusedRow {
  /** From 1. */
  readonly row: number;
  /** REFUSED, or what the model gave in place of a probability. */
  readonly probability: number;
  /** In the order of the features; null where a value is missing. */
  readonly values: readonly (string | null)[];
}

/** An order to a thread, which has one at a time. */
export type ThreadOrder =
  | { readonly kind: 'score'; readonly rows: CodedRows }
  /** Asks for what is wrong with rows, as text or as JSON. */
  | {
      readonly kind: 'errors';
      readonly source: FileKind;
      readonly asJson: boolean;
      readonly rows: readonly RefusedRow[];
    };

export type ThreadAnswer =
  | { readonly kind: 'probabilities'; readonly probabilities: Float64Array }
  | { readonly kind: 'errors'; readonly texts: readonly string[] }
  | { readonly kind: 'failure'; readonly message: string };
