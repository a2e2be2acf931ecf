import { isUtf8 } from 'node:buffer';
import { DEEPEST_JSON, tooDeepDetail } from '../../http/requests/parse-json.js';
import { isDeeperThan } from '../../http/requests/json-depth.js';
import type { FieldErrorCode } from '../../http/problems/problem-catalogue.js';
import { ProblemException } from '../../http/problems/problem.exception.js';
import type { FileReader, FileRow } from '../file-row.js';
import { mayHaveLongNumbers, parseForCopy } from './exact-numbers.js';

export interface NdjsonReaderOptions {
  readonly keep: readonly string[];
  readonly longestLineBytes: number;
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

/** Reads a JSON object each line, in UTF-8. Empty lines are skipped. */
export class NdjsonReader implements FileReader {
  private readonly pieces: Buffer[] = [];
  private pieceBytes = 0;
  private line = 0;
  private hasRows = false;

  constructor(private readonly options: NdjsonReaderOptions) {}

  push(bytes: Uint8Array): readonly FileRow[] {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const rows: FileRow[] = [];
    let start = 0;
    for (let end = buffer.indexOf(LINE_FEED); end !== -1; end = buffer.indexOf(LINE_FEED, start)) {
      this.add(buffer.subarray(start, end));
      this.endLine(rows);
      start = end + 1;
    }
    this.add(buffer.subarray(start));
    return rows;
  }

  end(): readonly FileRow[] {
    const rows: FileRow[] = [];
    this.endLine(rows);
    return rows;
  }

  /** Of a line that is too long only the length is kept. */
  private add(piece: Buffer): void {
    this.pieceBytes += piece.length;
    if (this.pieceBytes > this.options.longestLineBytes) {
      this.pieces.length = 0;
    } else if (piece.length > 0) {
      // A copy, since the rest of a piece must not keep all of it in memory.
      this.pieces.push(Buffer.from(piece));
    }
  }

  private endLine(rows: FileRow[]): void {
    this.line++;
    const bytes = Buffer.concat(this.pieces);
    const isTooLong = this.pieceBytes > this.options.longestLineBytes;
    this.pieces.length = 0;
    this.pieceBytes = 0;
    const row = isTooLong
      ? this.faulty('too_long', `The line is longer than ${this.options.longestLineBytes} bytes.`)
      : this.rowOf(bytes);
    if (row !== undefined) {
      this.requireRowAtFirst(row);
      rows.push(row);
    }
  }

  private rowOf(bytes: Buffer): FileRow | undefined {
    if (!isUtf8(bytes)) {
      return this.faulty('invalid', 'The line is not valid UTF-8.');
    }
    const text = bytes.toString();
    const json = this.line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    if (json.trim() === '') {
      return undefined;
    }
    let customer: unknown;
    try {
      customer = JSON.parse(json);
    } catch (error) {
      return this.faulty('invalid', `The line is not JSON: ${(error as Error).message}`);
    }
    return isDeeperThan(customer, DEEPEST_JSON)
      ? this.faulty('invalid', tooDeepDetail())
      : { line: this.line, customer, kept: this.keptOf(customer, json) };
  }

  /** An id beyond 2^53 would be that of another customer, so such lines are parsed again, which takes longer. */
  private keptOf(customer: unknown, json: string): readonly unknown[] {
    const { keep } = this.options;
    const from = keep.length > 0 && mayHaveLongNumbers(json) ? parseForCopy(json) : customer;
    return keep.map((name) => valueIn(from, name));
  }

  private faulty(code: FieldErrorCode, detail: string): FileRow {
    const kept = this.options.keep.map(() => null);
    return { line: this.line, customer: undefined, kept, fault: { pointer: '', code, detail } };
  }

  /** A file whose first line is no object is something else than NDJSON, such as an array of all customers. */
  private requireRowAtFirst({ customer, fault }: FileRow): void {
    if (!this.hasRows && (typeof customer !== 'object' || customer === null || Array.isArray(customer))) {
      const detail = fault?.detail ?? 'The line is JSON, but no object.';
      throw new ProblemException(
        'invalid_json',
        `Line ${this.line} must be the first customer, a JSON object. ${detail}`,
      );
    }
    this.hasRows = true;
  }
}

function valueIn(customer: unknown, name: string): unknown {
  return typeof customer === 'object' && customer !== null && Object.hasOwn(customer, name)
    ? (customer as Record<string, unknown>)[name]
    : null;
}
