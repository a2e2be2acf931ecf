import { describe, expect, it } from 'vitest';
import { formatOf } from './file-format.js';

describe('formatOf', () => {
  it.each([
    ['a.csv', 'csv', 'none'],
    ['/data/May.2026/A.CSV.GZ', 'csv', 'gzip'],
    ['a.ndjson.zst', 'ndjson', 'zstd'],
    ['a.jsonl', 'ndjson', 'none'],
    ['a.parquet', 'parquet', 'none'],
    ['csv.gz', 'csv', 'gzip'],
  ])('of %s is %s, compressed by %s', (name, kind, compression) => {
    expect(formatOf(name)).toEqual({ kind, compression });
  });

  it.each(['-', 'a', 'a.txt', 'a.parquet.gz', 'a.gz', 'csv.bz2'])('of %s is not known', (name) => {
    expect(formatOf(name)).toBeUndefined();
  });
});
