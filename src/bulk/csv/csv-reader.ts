import { CsvError, type InfoRecord, type Parser, parse } from 'csv-parse';
import type { Feature } from '../../bundle/feature.js';
import { valueOfText } from '../../bundle/text-value.js';
import { type FileReader, type FileRow, UnreadableFileError } from '../file-row.js';
import { type CsvHeader, csvHeader, invalidCsv } from './csv-header.js';

export interface CsvReaderOptions {
  readonly features: readonly Feature[];
  readonly keep: readonly string[];
  /** Of a record, in characters. */
  readonly longestRecord: number;
}

/**
 * Reads CSV (RFC 4180) in UTF-8: a header, then a customer each record. Lines end in LF or CRLF, empty lines are skipped, and a
 * quote inside of a cell that did not begin with one stands for itself.
 *
 * The parser is a stream; written to and never read from, it works off all bytes before `write` returns.
 */
export class CsvReader implements FileReader {
  private readonly parser: Parser;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private header: CsvHeader | undefined;
  private rows: FileRow[] = [];
  /** What is wrong with the header. The parser would make another error of it. */
  private refusal: unknown;
  /** Of the last record. */
  private lastLine = 0;
  /** By the parser's count, in which CR and LF inside of a cell are a line each. */
  private parserLines = 0;
  private emptyLines = 0;
  private unendedBytes = 0;

  constructor(private readonly options: CsvReaderOptions) {
    this.parser = parse({
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      // The parser would take the first line's end for that of all.
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      max_record_size: options.longestRecord,
      on_record: (cells: string[], { lines, empty_lines }: InfoRecord) => {
        this.take(cells, lines, empty_lines);
        return null;
      },
    });
    // An error is looked for after each write.
    this.parser.on('error', () => undefined);
  }

  push(bytes: Uint8Array): readonly FileRow[] {
    this.decode(() => this.utf8.decode(bytes, { stream: true }));
    const { records, empty_lines } = this.parser.info;
    this.parser.write(bytes);
    const rows = this.taken();
    const hasEnded = this.parser.info.records > records || this.parser.info.empty_lines > empty_lines;
    this.unendedBytes = hasEnded ? 0 : this.unendedBytes + bytes.length;
    // The parser bounds the characters of the cells, but not how many cells there are.
    if (this.unendedBytes > this.options.longestRecord) {
      throw new UnreadableFileError(this.tooLong());
    }
    return rows;
  }

  end(): readonly FileRow[] {
    this.decode(() => this.utf8.decode());
    this.parser.end();
    const rows = this.taken();
    if (this.header === undefined) {
      throw invalidCsv('The file is empty; its first line must name the columns.');
    }
    return rows;
  }

  private taken(): readonly FileRow[] {
    const { rows, parser } = this;
    this.rows = [];
    if (this.refusal !== undefined) {
      throw this.refusal as Error;
    }
    if (parser.errored) {
      throw new UnreadableFileError(this.inWords(parser.errored), { cause: parser.errored });
    }
    return rows;
  }

  /** The text itself is not needed, since the parser takes bytes. It would replace those that are no UTF-8. */
  private decode(check: () => string): void {
    try {
      check();
    } catch (cause) {
      throw new UnreadableFileError(`After line ${this.lastLine} comes a byte that is not UTF-8.`, { cause });
    }
  }

  /** A record begins after the one before and the empty lines between them. */
  private take(cells: readonly string[], parserLines: number, emptyLines: number): void {
    const newEmptyLines = emptyLines - this.emptyLines;
    const line = this.lastLine + 1 + newEmptyLines;
    const isOneLine = parserLines - this.parserLines - newEmptyLines === 1;
    this.lastLine = isOneLine ? line : line + lineEndsIn(cells);
    this.parserLines = parserLines;
    this.emptyLines = emptyLines;
    if (this.header !== undefined) {
      this.rows.push(rowOf(cells, line, this.header));
    } else if (this.refusal === undefined) {
      this.readHeader(cells);
    }
  }

  private readHeader(cells: readonly string[]): void {
    try {
      this.header = csvHeader(cells, this.options.features, this.options.keep);
    } catch (error) {
      this.refusal = error;
    }
  }

  private tooLong(): string {
    return (
      `The record that begins in line ${this.lastLine + 1} is longer than ${this.options.longestRecord} characters. ` +
      'Perhaps a quote is not closed.'
    );
  }

  private inWords(error: Error): string {
    const line = this.lastLine + 1;
    switch (error instanceof CsvError ? error.code : undefined) {
      case 'CSV_QUOTE_NOT_CLOSED':
        return `The record that begins in line ${line} has a quote that never closes.`;
      case 'CSV_MAX_RECORD_SIZE':
        return this.tooLong();
      default:
        return `From line ${line} on the file cannot be read: ${error.message}`;
    }
  }
}

function lineEndsIn(cells: readonly string[]): number {
  return cells.reduce((count, cell) => count + cell.split('\n').length - 1, 0);
}

function rowOf(cells: readonly string[], line: number, header: CsvHeader): FileRow {
  const kept = header.kept.map((column) => cells[column] ?? '');
  if (cells.length !== header.columnCount) {
    const detail = `The row has ${countOf(cells.length)}, but the header has ${header.columnCount}.`;
    return { line, customer: {}, kept, fault: { pointer: '', code: 'invalid', detail } };
  }
  const customer: Record<string, unknown> = {};
  for (const { feature, column } of header.features) {
    customer[feature.name] = valueOfText(feature, cells[column] ?? '');
  }
  return { line, customer, kept };
}

function countOf(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}
