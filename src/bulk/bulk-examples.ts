import type { FieldError } from '../http/problems/problem.exception.js';
import type { DocumentedModel } from '../prediction/contract-dtos.js';
import { toPrediction } from '../prediction/to-prediction.js';
import { CsvAnswer } from './csv/csv-answer.js';
import { missingColumn } from './csv/csv-header.js';
import { NdjsonAnswer } from './ndjson/ndjson-answer.js';
import type { ScoredRow } from './scored-row.js';

/** Of which the documentation shows the first example. */
export interface DocumentedBundle extends DocumentedModel {
  readonly sha256: string;
}

export interface BulkExamples {
  readonly csv: string;
  readonly csvAnswer: string;
  readonly ndjsonAnswer: string;
  readonly missingColumn: readonly FieldError[];
}

/** Shown for an example whose probability the manifest does not state. */
const ANY_PROBABILITY = 0.5;

export function bulkExamples(model: DocumentedBundle): BulkExamples {
  const { features, examples } = model.contract;
  const [example] = examples;
  const names = features.map(({ name }) => name);
  const values = names.map((name) => String(example?.customer[name] ?? ''));
  const rows: ScoredRow[] = [
    {
      row: { line: 2, customer: example?.customer, kept: [] },
      prediction: toPrediction(example?.probability ?? ANY_PROBABILITY, model),
    },
  ];
  const summary = {
    complete: true,
    rows: 1,
    errors: 0,
    model_version: model.version,
    model_sha256: model.sha256,
  };
  const [csv, ndjson] = [new CsvAnswer([], model.version), new NdjsonAnswer([])];
  return {
    csv: `${csv.line(names)}${csv.line(values)}`,
    csvAnswer: csv.head() + csv.rows(rows) + csv.last(summary),
    ndjsonAnswer: ndjson.rows(rows) + ndjson.last(summary),
    missingColumn: [missingColumn(names[0] ?? '')],
  };
}
