import type { DuckDBConnection } from '@duckdb/node-api';
import { readCsvHeader } from './csv-header.js';
import { duckdbMessage } from './database.js';
import type { ScoreFile } from './options.js';
import { badFile, ScoreError } from './score-error.js';
import { sqlPattern, sqlText } from './sql-text.js';

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

/**
 * @param namedColumns all that are needed from an NDJSON file, which states its columns nowhere; without it, they are
 * gathered from all its lines
 * @throws {ScoreError} if the file cannot be read
 */
export async function openInput(
  connection: DuckDBConnection,
  file: ScoreFile,
  namedColumns: readonly string[] | undefined,
): Promise<Input> {
  const columns = await columnsOf(connection, file, namedColumns).catch((error: unknown) => {
    throw error instanceof ScoreError ? error : badFile(`${file.path}: ${duckdbMessage(error)}.`, error);
  });
  if (columns.length === 0) {
    throw badFile(`The input ${file.path} has no columns: it is empty.`);
  }
  requireNames(columns, file.path);
  return { ...file, columns };
}

/** The table function that reads the file, with columns as they came. */
export function readerOf({ path, format: { kind, compression }, columns }: Input): string {
  const file = sqlPattern(path);
  const types = columns.map(({ name, type }) => `${sqlText(name)}: ${sqlText(type)}`).join(', ');
  switch (kind) {
    case 'csv':
      return `read_csv(${file}, auto_detect = false, buffer_size = ${CSV_BUFFER_BYTES}, header = true, ${DIALECT}, compression = '${compression}', columns = {${types}}, ${NO_PARTITIONS})`;
    case 'ndjson':
      return `read_json(${file}, format = 'newline_delimited', ignore_errors = true, compression = ${jsonCompression(compression)}, columns = {${types}}, ${NO_PARTITIONS})`;
    case 'parquet':
      return `read_parquet(${file}, file_row_number = true, ${NO_PARTITIONS})`;
  }
}

/** Whether rows are numbered in parallel, as Parquet's are. */
export function isNumbered({ format: { kind } }: Input): boolean {
  return kind === 'parquet';
}

async function columnsOf(
  connection: DuckDBConnection,
  source: ScoreFile,
  namedColumns: readonly string[] | undefined,
): Promise<InputColumn[]> {
  const {
    path,
    format: { kind, compression },
  } = source;
  const file = sqlPattern(path);
  switch (kind) {
    case 'csv':
      return (await readCsvHeader(source)).map((name) => ({ name, type: 'VARCHAR' }));
    case 'ndjson': {
      if (namedColumns !== undefined) {
        return namedColumns.map((name) => ({ name, type: 'JSON' }));
      }
      const lines = `read_json(${file}, format = 'newline_delimited', ignore_errors = true, compression = ${jsonCompression(compression)}, columns = {line: 'JSON'}, records = false, ${NO_PARTITIONS})`;
      const keys = await connection.runAndReadAll(
        `SELECT key FROM (SELECT unnest(json_keys(line)) AS key FROM ${lines}) GROUP BY key ORDER BY count(*) DESC, key`,
      );
      return keys.getRows().map(([name]) => ({ name: name as string, type: 'JSON' }));
    }
    case 'parquet': {
      const described = await connection.runAndReadAll(
        `DESCRIBE SELECT * FROM read_parquet(${file}, ${NO_PARTITIONS})`,
      );
      return described.getRows().map(([name, type]) => ({ name: name as string, type: type as string }));
    }
  }
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

/** read_json has no name for none. */
function jsonCompression(compression: string): string {
  return sqlText(compression === 'none' ? 'uncompressed' : compression);
}
