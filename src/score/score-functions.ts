import {
  BIGINT,
  BOOLEAN,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBScalarFunction,
  DuckDBVector,
  DOUBLE,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Feature } from '../bundle/feature.js';
import { freeBytes } from '../model/free-bytes.js';
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
    const tally = options.tally();
    let offsetBytes = 0;
    for (const probabilities of threads.score(codedRows(features, chunk))) {
      const { buffer, byteOffset, byteLength, length } = probabilities;
      const refused = countRefused(probabilities);
      tally.scored += length - refused;
      tally.refused += refused;
      duckdb.copy_data_to_vector(output, offsetBytes, buffer as ArrayBuffer, byteOffset, byteLength);
      offsetBytes += byteLength;
      freeBytes(probabilities);
    }
    if (tally.refused > 0 && !tally.areRowsNumbered) {
      throw new Error('A row is refused, and has no number.');
    }
  });
  register(connection, ERRORS, VARCHAR, errorTypes(features), (chunk, output) => {
    setItems(output, errorTexts(chunk, options));
  });
}

/** What is no probability stands for a refused row. */
function countRefused(probabilities: Float64Array): number {
  const { length } = probabilities;
  let refused = 0;
  for (let row = 0; row < length; row++) {
    const probability = probabilities[row] ?? NaN;
    refused += probability >= 0 && probability <= 1 ? 0 : 1;
  }
  return refused;
}

function setItems(output: duckdb.Vector, items: readonly (string | boolean)[]): void {
  const vector = DuckDBVector.create(output, items.length);
  items.forEach((item, row) => {
    vector.setItem(row, item);
  });
  vector.flush();
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
    const texts = errorTexts(chunk, options);
    texts.forEach((text, row) => {
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
    });
    setItems(
      output,
      texts.map(() => false),
    );
  });
}

function register(
  connection: DuckDBConnection,
  name: string,
  returnType: typeof DOUBLE | typeof VARCHAR | typeof BOOLEAN,
  parameterTypes: readonly (typeof DOUBLE | typeof VARCHAR | typeof INTEGER | typeof BIGINT)[],
  compute: (chunk: DuckDBDataChunk, output: duckdb.Vector) => void,
): void {
  const scalarFunction = new DuckDBScalarFunction();
  scalarFunction.setName(name);
  scalarFunction.setReturnType(returnType);
  for (const type of parameterTypes) {
    scalarFunction.addParameter(type);
  }
  // It is called for each row once, and for rows with missing values.
  scalarFunction.setVolatile();
  scalarFunction.setSpecialHandling();
  // setMainFunction would make a vector that is filled item by item.
  duckdb.scalar_function_set_function(scalarFunction.scalar_function, (_info, chunk, output) => {
    compute(new DuckDBDataChunk(chunk), output);
  });
  connection.registerScalarFunction(scalarFunction);
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
