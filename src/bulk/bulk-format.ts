import type { Contract } from '../bundle/contract.js';
import { ProblemException } from '../http/problems/problem.exception.js';
import { OTHER_CHARSET } from '../http/requests/json-body.middleware.js';
import { CsvAnswer } from './csv/csv-answer.js';
import { invalidCsv } from './csv/csv-header.js';
import { CsvReader } from './csv/csv-reader.js';
import type { FileReader } from './file-row.js';
import { NdjsonAnswer } from './ndjson/ndjson-answer.js';
import { NdjsonReader } from './ndjson/ndjson-reader.js';
import type { AnswerWriter } from './scored-row.js';

export interface FileOptions {
  readonly contract: Contract;
  /** Columns that are copied into the answer. */
  readonly keep: readonly string[];
  readonly modelVersion: string;
  /** Of a row. */
  readonly longestBytes: number;
}

/** A kind of file, which is answered by a file of the same kind. */
export interface BulkFormat {
  readonly mediaType: string;
  reader(options: FileOptions): FileReader;
  writer(options: FileOptions): AnswerWriter;
  /** Refuses a file before the first row is answered. */
  refusal(detail: string): ProblemException;
}

export const CSV: BulkFormat = {
  mediaType: 'text/csv',
  reader: ({ contract: { features }, keep, longestBytes }) =>
    new CsvReader({ features, keep, longestRecord: longestBytes }),
  writer: ({ keep, modelVersion }) => new CsvAnswer(keep, modelVersion),
  refusal: invalidCsv,
};

export const NDJSON: BulkFormat = {
  mediaType: 'application/x-ndjson',
  reader: ({ keep, longestBytes }) => new NdjsonReader({ keep, longestLineBytes: longestBytes }),
  writer: ({ keep }) => new NdjsonAnswer(keep),
  refusal: (detail) => new ProblemException('invalid_json', detail),
};

const FORMATS: readonly { readonly pattern: RegExp; readonly format: BulkFormat }[] = [
  { pattern: /^text\/csv\s*(;|$)/i, format: CSV },
  // It has no registered media type; these are in use.
  { pattern: /^application\/(x-ndjson|ndjson|x-jsonlines|jsonlines|jsonl)\s*(;|$)/i, format: NDJSON },
];

const NO_HEADER = /;\s*header\s*=\s*"?absent"?\s*(;|$)/i;
const LONGEST_ECHO = 100;

/** @throws {ProblemException} if a file of this content type is not read */
export function bulkFormat(contentType: string | undefined): BulkFormat {
  const type = contentType ?? '';
  const known = FORMATS.find(({ pattern }) => pattern.test(type));
  if (known === undefined) {
    const given =
      contentType === undefined
        ? 'There is no content type'
        : `The content type is ${JSON.stringify(type.slice(0, LONGEST_ECHO))}`;
    throw new ProblemException(
      'unsupported_media_type',
      `${given}; send ${CSV.mediaType} or ${NDJSON.mediaType}.`,
    );
  }
  if (OTHER_CHARSET.test(type)) {
    throw new ProblemException('unsupported_media_type', 'A file must be in UTF-8.');
  }
  if (NO_HEADER.test(type)) {
    throw new ProblemException('unsupported_media_type', 'CSV must have a header, which names its columns.');
  }
  return known.format;
}
