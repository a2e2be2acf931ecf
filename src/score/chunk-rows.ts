import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { CategoryFeature, Feature } from '../bundle/feature.js';
import { OTHER } from './feature-arguments.js';
import type { CodedRows, CodedTexts } from './thread-protocol.js';

/** Reads the arguments of a call, which `argumentsOf` makes of each feature. */
export function codedRows(features: readonly Feature[], chunk: DuckDBDataChunk): CodedRows {
  const { rowCount } = chunk;
  const numbers: Float64Array[] = [];
  const categories: CodedTexts[] = [];
  let column = 0;
  for (const feature of features) {
    const { buffer, byteOffset } = dataOf(chunk, column, feature.type === 'category' ? 4 : 8);
    if (feature.type !== 'category') {
      numbers.push(new Float64Array(buffer, byteOffset, rowCount));
      column++;
      continue;
    }
    const codes = new Int32Array(buffer, byteOffset, rowCount);
    column++;
    if (feature.unknown === 'refuse') {
      categories.push({ codes, others: [] });
    } else {
      categories.push({ codes, others: codeOthers(feature, codes, chunk, column) });
      column++;
    }
  }
  return { rowCount, numbers, categories };
}

/** A copy of a column's values. Reading them one by one takes as long as the pass of a small model. */
function dataOf(chunk: DuckDBDataChunk, column: number, valueBytes: number): Uint8Array {
  return duckdb.vector_get_data(
    duckdb.data_chunk_get_vector(chunk.chunk, column),
    chunk.rowCount * valueBytes,
  );
}

/** Gives each text that is not listed a number of its own. */
function codeOthers(
  { categories }: CategoryFeature,
  codes: Int32Array,
  chunk: DuckDBDataChunk,
  column: number,
): readonly string[] {
  if (!codes.includes(OTHER)) {
    return [];
  }
  const numberOf = new Map<string, number>();
  const texts = chunk.getColumnVector(column);
  for (let row = codes.indexOf(OTHER); row !== -1; row = codes.indexOf(OTHER, row + 1)) {
    const text = texts.getItem(row);
    // NDJSON may have a value that is no text. It stays OTHER, and is refused.
    if (typeof text === 'string') {
      const number = numberOf.get(text) ?? categories.length + numberOf.size;
      numberOf.set(text, number);
      codes[row] = number;
    }
  }
  return [...numberOf.keys()];
}
