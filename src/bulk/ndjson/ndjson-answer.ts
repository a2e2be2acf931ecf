import type { AnswerWriter, BulkSummary, ScoredRow } from '../scored-row.js';

/** Writes a JSON object each line: the kept fields, and the score or what is wrong with the row. */
export class NdjsonAnswer implements AnswerWriter {
  private readonly names: readonly string[];

  constructor(keep: readonly string[]) {
    this.names = keep.map((name) => JSON.stringify(name));
  }

  head(): string {
    return '';
  }

  rows(rows: readonly ScoredRow[]): string {
    let text = '';
    for (const scored of rows) {
      const { line, kept } = scored.row;
      text += '{';
      for (const [index, name] of this.names.entries()) {
        text += `${name}:${JSON.stringify(kept[index] ?? null)},`;
      }
      const rest =
        'prediction' in scored ? scored.prediction : { line, errors: scored.errors.listed, ...more(scored) };
      text += `${JSON.stringify(rest).slice(1)}\n`;
    }
    return text;
  }

  last(summary: BulkSummary): string {
    return `${JSON.stringify(summary)}\n`;
  }
}

function more({ errors }: Extract<ScoredRow, { errors: unknown }>): { error_count?: number } {
  return errors.count > errors.listed.length ? { error_count: errors.count } : {};
}
