import type { DuckDBConnection } from '@duckdb/node-api';
import type { Feature } from '../bundle/feature.js';
import { readCsvHeader } from './csv-header.js';
import { duckdbMessage } from './database.js';
import type { Compression } from './file-format.js';
import type { ScoreFile, ScoreOptions } from './options.js';
import { badFile, ScoreError } from './score-error.js';
import { sqlName, sqlPattern, sqlText } from './sql-text.js';

/** A file that can be read, and what its columns are called. */
export interface Input extends ScoreFile {
  readonly columns: readonly InputColumn[];
}

export interface InputColumn {
  readonly name: string;
  /** By DuckDB's name; VARCHAR in CSV and JSON in NDJSON. */
  readonly type: string;
}

/** Also the longest line. DuckDB's default of 32 MB, for each thread and more, takes a third of a run's memory. */
const CSV_BUFFER_BYTES = 2_097_152;

const DIALECT = `delim = ',', quote = '"', escape = '"', comment = ''`;

/** A folder named `region=north` would override the column region. */
const NO_PARTITIONS = 'hive_partitioning = false';

/** Whether a line of NDJSON is an object. No column of a file is called so. */
export const IS_OBJECT = sqlName('score: is object');

/** An NDJSON file that has a column nearly always has it here. */
const FIRST_LINES = 2048;

/** By which the columns are known that a run needs of an NDJSON file, which states its columns nowhere. */
export interface Needs extends Pick<ScoreOptions, 'keep' | 'where'> {
  readonly features: readonly Feature[];
}

/**
 * @throws {ScoreError} if the file cannot be read
 */
export async function openInput(connection: DuckDBConnection, file: ScoreFile, needs: Needs): Promise<Input> {
  const columns = await columnsOf(connection, file, needs).catch((error: unknown) => {
    throw error instanceof ScoreError ? error : badFile(`${file.path}: ${duckdbMessage(error)}.`, error);
  });
  // A line of NDJSON may be an object without values.
  if (columns.length === 0 && file.format.kind !== 'ndjson') {
    throw badFile(`The input ${file.path} has no columns: it is empty.`);
  }
  requireNames(columns, file.path);
  return { ...file, columns };
}

/**
 * The input with a column of missing values for each feature that no line of NDJSON has.
 *
 * @throws {ScoreError} if a column differs from a feature in capitals only
 */
export function withFeatures(input: Input, features: readonly Feature[]): Input {
  const found = new Set(input.columns.map(({ name }) => name));
  const absent = features.filter(({ name }) => !found.has(name));
  const columns = [...input.columns, ...absent.map(({ name }) => ({ name, type: 'JSON' }))];
  requireNames(columns, input.path);
  return { ...input, columns };
}

/** Reads the file, with columns as they came. */
export function readerOf({ path, format: { kind, compression }, columns }: Input): string {
  const file = sqlPattern(path);
  const types = columns.map(({ name, type }) => `${sqlText(name)}: ${sqlText(type)}`).join(', ');
  switch (kind) {
    case 'csv':
      return `read_csv(${file}, auto_detect = false, buffer_size = ${CSV_BUFFER_BYTES}, header = true, ${DIALECT}, compression = '${compression}', columns = {${types}}, ${NO_PARTITIONS})`;
    case 'ndjson':
      return readNdjson(path, compression, `columns = {${types}}`);
    case 'parquet':
      return `read_parquet(${file}, file_row_number = true, ${NO_PARTITIONS})`;
  }
}

/**
 * Reads each line of an NDJSON file as JSON, and its columns from that. `readerOf` takes less time, but gives a line that is no
 * object as a row without values.
 */
export function lineReaderOf(input: Input): string {
  const types = Object.fromEntries(input.columns.map(({ name, type }) => [name, type]));
  const lines = `SELECT coalesce(json_type(line) = 'OBJECT', false) AS ${IS_OBJECT}, json_transform(line, ${sqlText(JSON.stringify(types))}) AS customer FROM ${linesOf(input)}`;
  return `(SELECT ${IS_OBJECT}, customer.* FROM (${lines}))`;
}

/** Whether rows are numbered in parallel, as Parquet's are. */
export function isNumbered({ format: { kind } }: Input): boolean {
  return kind === 'parquet';
}

async function columnsOf(
  connection: DuckDBConnection,
  source: ScoreFile,
  needs: Needs,
): Promise<InputColumn[]> {
  switch (source.format.kind) {
    case 'csv':
      return (await readCsvHeader(source)).map((name) => ({ name, type: 'VARCHAR' }));
    case 'ndjson':
      return (await ndjsonColumns(connection, source, needs)).map((name) => ({ name, type: 'JSON' }));
    case 'parquet': {
      const described = await connection.runAndReadAll(
        `DESCRIBE SELECT * FROM read_parquet(${sqlPattern(source.path)}, ${NO_PARTITIONS})`,
      );
      return described.getRows().map(([name, type]) => ({ name: name as string, type: type as string }));
    }
  }
}

/** If the options do not name all columns that are needed, they are gathered from all lines. */
async function ndjsonColumns(
  connection: DuckDBConnection,
  file: ScoreFile,
  { features, keep, where }: Needs,
): Promise<readonly string[]> {
  const lines = linesOf(file);
  if (keep === undefined || where !== undefined) {
    return keysOf(connection, lines);
  }
  const named = new Set([...features.map(({ name }) => name), ...keep]);
  const others = [...named].slice(features.length);
  const hasAll = (keys: readonly string[]): boolean => others.every((name) => keys.includes(name));
  if (hasAll([]) || hasAll(await keysOf(connection, `(FROM ${lines} LIMIT ${FIRST_LINES})`))) {
    return [...named];
  }
  const keys = await keysOf(connection, lines);
  // A file without any object does not tell that a name is wrong.
  return keys.length === 0 || hasAll(keys) ? [...named] : keys;
}

async function keysOf(connection: DuckDBConnection, lines: string): Promise<string[]> {
  const keys = await connection.runAndReadAll(
    `SELECT key FROM (SELECT unnest(json_keys(line)) AS key FROM ${lines}) GROUP BY key ORDER BY count(*) DESC, key`,
  );
  return keys.getRows().map(([name]) => name as string);
}

/** The table function that reads each line of an NDJSON file as JSON, or as NULL if it is none. */
function linesOf({ path, format: { compression } }: ScoreFile): string {
  return readNdjson(path, compression, "columns = {line: 'JSON'}, records = false");
}

function readNdjson(path: string, compression: Compression, columns: string): string {
  // read_json has no name for none.
  const compressionName = compression === 'none' ? 'uncompressed' : compression;
  return `read_json(${sqlPattern(path)}, format = 'newline_delimited', ignore_errors = true, compression = '${compressionName}', ${columns}, ${NO_PARTITIONS})`;
}

/** SQL takes names that differ in capitals for the same. */
function requireNames(columns: readonly InputColumn[], path: string): void {
  const names = columns.map(({ name }) => name.toLowerCase());
  const empty = names.indexOf('');
  if (empty !== -1) {
    throw badFile(`The header of ${path} must name each column, but column ${empty + 1} has no name.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw badFile(`${path} must name each column once, but has ${JSON.stringify(twice)} twice.`);
  }
}
