import { type AnswerWriter, type BulkSummary, SCORE_COLUMNS, type ScoredRow } from '../scored-row.js';

const NEEDS_QUOTES = /[",\r\n]/;

/**
 * Writes CSV: the kept columns, the score, and what is wrong with a row. In the last line, which has as many cells as any other,
 * the first cell begins with `# complete=`.
 */
export class CsvAnswer implements AnswerWriter {
  constructor(
    private readonly keep: readonly string[],
    private readonly modelVersion: string,
  ) {}

  head(): string {
    return this.line([...this.keep, ...SCORE_COLUMNS]);
  }

  line(cells: readonly string[]): string {
    return `${cells.map(cell).join(',')}\n`;
  }

  rows(rows: readonly ScoredRow[]): string {
    const version = cell(this.modelVersion);
    let text = '';
    for (const scored of rows) {
      for (const value of scored.row.kept) {
        text += `${cell(String(value))},`;
      }
      if ('prediction' in scored) {
        const { churn_probability, churn_prediction, risk_tier } = scored.prediction;
        text += `${churn_probability},${churn_prediction},${risk_tier},${version},\n`;
      } else {
        text += `,,,${version},${cell(errorText(scored))}\n`;
      }
    }
    return text;
  }

  last({ detail, ...facts }: BulkSummary): string {
    const words = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`);
    const text = `# ${words.join(' ')}${detail === undefined ? '' : ` detail=${JSON.stringify(detail)}`}`;
    return `${cell(text)}${','.repeat(this.keep.length + SCORE_COLUMNS.length - 1)}\n`;
  }
}

function errorText({ row, errors }: Extract<ScoredRow, { errors: unknown }>): string {
  const listed = errors.listed.map(({ pointer, code, detail }) =>
    `${pointer} ${code}: ${detail}`.trimStart(),
  );
  const others = errors.count - listed.length;
  return `line ${row.line}: ${listed.join(' ')}${others === 0 ? '' : ` And ${others} more.`}`;
}

function cell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
