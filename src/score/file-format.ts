import { basename } from 'node:path';

export type FileKind = 'csv' | 'ndjson' | 'parquet';

export type Compression = 'none' | 'gzip' | 'zstd';

export interface FileFormat {
  readonly kind: FileKind;
  /** Of the whole file; Parquet compresses its columns itself. */
  readonly compression: Compression;
}

const KINDS: Readonly<Record<string, FileKind>> = {
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
};
const COMPRESSIONS: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' };

/** For messages. */
export const KNOWN_FORMATS = 'csv, ndjson, jsonl or parquet, and the first three also with .gz or .zst';

/** The format that a name, or an ending such as `csv.gz` alone, states. */
export function formatOf(name: string): FileFormat | undefined {
  const [, kindName = '', compressionName] =
    /(?:^|\.)([a-z]+?)(?:\.(gz|zst))?$/.exec(basename(name).toLowerCase()) ?? [];
  const kind = KINDS[kindName];
  const compression = compressionName === undefined ? 'none' : COMPRESSIONS[compressionName];
  if (kind === undefined || compression === undefined || (kind === 'parquet' && compression !== 'none')) {
    return undefined;
  }
  return { kind, compression };
}
