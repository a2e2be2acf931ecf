import {
  BIGINT,
  BOOLEAN,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBScalarFunction,
  type DuckDBVector,
  DOUBLE,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { Feature } from '../bundle/feature.js';
import { codedRows } from './chunk-rows.js';
import type { FileKind } from './file-format.js';
import { ERRORS, SCORE, SET_APART } from './query.js';
import type { ScoringThreads } from './scoring-threads.js';
import { REFUSED, type RefusedRow } from './thread-protocol.js';

/** Counts of a run, which grow while it lasts. */
export class Tally {
  scored = 0;
  refused = 0;

  /** @param areRowsNumbered whether a refused row can be named; without, the first one ends the query */
  constructor(readonly areRowsNumbered: boolean) {}
}

export interface FunctionOptions {
  readonly features: readonly Feature[];
  readonly threads: ScoringThreads;
  /** Of the query that runs. */
  readonly tally: () => Tally;
  readonly source: FileKind;
  /** Whether errors are told as JSON. */
  readonly asJson: boolean;
}

/** Registers the function that scores rows, and the one that says what is wrong with a row. */
export function registerScoring(connection: DuckDBConnection, options: FunctionOptions): void {
  const { features, threads } = options;
  register(connection, SCORE, DOUBLE, features.flatMap(argumentTypes), (chunk, output) => {
    const probabilities = threads.score(codedRows(features, chunk));
    let refused = 0;
    for (const [row, probability] of probabilities.entries()) {
      refused += probability >= 0 && probability <= 1 ? 0 : 1;
      output.setItem(row, probability);
    }
    const tally = options.tally();
    tally.scored += probabilities.length - refused;
    tally.refused += refused;
    if (refused > 0 && !tally.areRowsNumbered) {
      throw new Error('A row is refused, and has no number.');
    }
  });
  register(connection, ERRORS, VARCHAR, errorTypes(features), (chunk, output) => {
    errorTexts(chunk, options).forEach((text, row) => {
      output.setItem(row, text);
    });
  });
}

/** Registers the function that appends refused rows to a table: their numbers, errors and kept columns. */
export function registerSettingApart(
  connection: DuckDBConnection,
  appender: DuckDBAppender,
  keptCount: number,
  options: FunctionOptions,
): void {
  const types = [...errorTypes(options.features), ...Array<typeof VARCHAR>(keptCount).fill(VARCHAR)];
  const firstKept = types.length - keptCount;
  register(connection, SET_APART, BOOLEAN, types, (chunk, output) => {
    errorTexts(chunk, options).forEach((text, row) => {
      appender.appendBigInt(chunk.getColumnVector(0).getItem(row) as bigint);
      for (let column = firstKept; column < types.length; column++) {
        const value = chunk.getColumnVector(column).getItem(row) as string | null;
        if (value === null) {
          appender.appendNull();
        } else {
          appender.appendVarchar(value);
        }
      }
      appender.appendVarchar(text);
      appender.endRow();
      output.setItem(row, false);
    });
  });
}

function register(
  connection: DuckDBConnection,
  name: string,
  returnType: typeof DOUBLE | typeof VARCHAR | typeof BOOLEAN,
  parameterTypes: readonly (typeof DOUBLE | typeof VARCHAR | typeof INTEGER | typeof BIGINT)[],
  compute: (chunk: DuckDBDataChunk, output: DuckDBVector) => void,
): void {
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      returnType,
      parameterTypes,
      // It is called for each row once, and for rows with missing values.
      volatile: true,
      specialHandling: true,
      mainFunction: (_info, chunk, output) => {
        compute(chunk, output);
        output.flush();
      },
    }),
  );
}

function argumentTypes(feature: Feature): (typeof DOUBLE | typeof INTEGER | typeof VARCHAR)[] {
  if (feature.type !== 'category') {
    return [DOUBLE];
  }
  return feature.unknown === 'accept' ? [INTEGER, VARCHAR] : [INTEGER];
}

function errorTypes(features: readonly Feature[]): (typeof BIGINT | typeof DOUBLE | typeof VARCHAR)[] {
  return [BIGINT, DOUBLE, ...features.map(() => VARCHAR)];
}

function errorTexts(
  chunk: DuckDBDataChunk,
  { features, threads, source, asJson }: FunctionOptions,
): readonly string[] {
  const cells = (column: number, row: number): unknown => chunk.getColumnVector(column).getItem(row);
  const rows = Array.from({ length: chunk.rowCount }, (_, row): RefusedRow => ({
    row: Number(cells(0, row)),
    probability: (cells(1, row) as number | null) ?? REFUSED,
    values: features.map((_feature, index) => cells(index + 2, row) as string | null),
  }));
  return threads.errorsOf({ rows, source, asJson });
}
