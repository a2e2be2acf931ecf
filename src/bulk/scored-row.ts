import type { FieldErrors } from '../prediction/validation/field-errors.js';
import type { Prediction } from '../prediction/dto/prediction.dto.js';
import type { FileRow } from './file-row.js';

/** A row with its score, or with what is wrong with it. */
export type ScoredRow =
  | { readonly row: FileRow; readonly prediction: Prediction }
  | { readonly row: FileRow; readonly errors: FieldErrors };

/** What ends a stream before the end of its file. */
export const EARLY_ENDS = ['invalid_file', 'no_progress', 'client_gone', 'shutdown', 'model_failed'] as const;

export type EarlyEnd = (typeof EARLY_ENDS)[number];

/** What the last line of an answer says. */
export interface BulkSummary {
  readonly complete: boolean;
  /** Of a stream that ended early, for programs and for people. */
  readonly reason?: EarlyEnd;
  readonly detail?: string;
  /** Rows of the answer, those in error included. */
  readonly rows: number;
  readonly errors: number;
  readonly model_version: string;
  readonly model_sha256: string;
}

/** Words an answer in the format of its file. */
export interface AnswerWriter {
  head(): string;
  rows(rows: readonly ScoredRow[]): string;
  last(summary: BulkSummary): string;
}

/** Columns of an answer, besides those that are kept. */
export const SCORE_COLUMNS = [
  'churn_probability',
  'churn_prediction',
  'risk_tier',
  'model_version',
  'errors',
] as const;
