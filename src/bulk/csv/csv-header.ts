import type { Feature } from '../../bundle/feature.js';
import { type FieldError, ProblemException } from '../../http/problems/problem.exception.js';

/** Where the columns of a file stand. */
export interface CsvHeader {
  readonly columnCount: number;
  readonly features: readonly { readonly feature: Feature; readonly column: number }[];
  /** In the order in which they were asked for. */
  readonly kept: readonly number[];
}

const LONGEST_ECHO = 60;

/**
 * @param names the first record of the file
 * @throws {ProblemException} if the file has not the columns that it needs
 */
export function csvHeader(
  names: readonly string[],
  features: readonly Feature[],
  keep: readonly string[],
): CsvHeader {
  const columnOf = new Map(names.map((name, column) => [name, column]));
  requireCommas(names);
  const missing = features.filter(({ name }) => !columnOf.has(name));
  if (missing.length > 0) {
    throw new ProblemException('validation_failed', missingDetail(missing.length, names), {
      errors: missing.map(({ name }) => missingColumn(name)),
    });
  }
  const twice = names.find((name, column) => name !== '' && columnOf.get(name) !== column);
  if (twice !== undefined) {
    throw invalidCsv(`The header has the column ${echo(twice)} twice.`);
  }
  const unknown = keep.find((name) => !columnOf.has(name));
  if (unknown !== undefined) {
    throw new ProblemException(
      'malformed_request',
      `The query parameter keep names ${echo(unknown)}, but the header has no such column: ${echo(names.join(','))}.`,
    );
  }
  return {
    columnCount: names.length,
    features: features.map((feature) => ({ feature, column: columnOf.get(feature.name) ?? NaN })),
    kept: keep.map((name) => columnOf.get(name) ?? NaN),
  };
}

export function missingColumn(name: string): FieldError {
  return {
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'missing',
    detail: `The header has no column ${name}. Where a value is missing, leave its cell empty.`,
  };
}

/** The most likely mistake of all, told by its cause. */
function requireCommas([first = '', second]: readonly string[]): void {
  const delimiter = [';', '\t', '|'].find((other) => first.includes(other));
  if (second === undefined && delimiter !== undefined) {
    throw invalidCsv(
      `The header is one column, ${echo(first)}: separate columns by commas, not by ${JSON.stringify(delimiter)}.`,
    );
  }
}

function missingDetail(count: number, names: readonly string[]): string {
  const columns = count === 1 ? '1 column is' : `${count} columns are`;
  return `${columns} missing in the header, which is ${echo(names.join(','))}.`;
}

export function invalidCsv(detail: string): ProblemException {
  return new ProblemException('invalid_csv', detail);
}

function echo(text: string): string {
  return JSON.stringify(text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO).toWellFormed()}…` : text);
}
