import type { FieldError } from '../http/problems/problem.exception.js';

/** One row of a file. */
export interface FileRow {
  /** In which it begins, counted from 1. */
  readonly line: number;
  /** Its fields by name, to be validated. */
  readonly customer: unknown;
  /** The values that are copied into the answer, in the order in which they were asked for. */
  readonly kept: readonly unknown[];
  /** Why it cannot be read as a row. */
  readonly fault?: FieldError;
}

/** Reads rows from the bytes of a file, which may be cut anywhere. */
export interface FileReader {
  /** @throws {UnreadableFileError} */
  push(bytes: Uint8Array): readonly FileRow[];
  /** The rest, after the last byte. @throws {UnreadableFileError} */
  end(): readonly FileRow[];
}

/** The rest of a file cannot be read as rows. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}
