import type { Figures } from './goals.js';

/** What one workload found. */
export interface Report {
  readonly title: string;
  /** What was measured, and how. */
  readonly text: string;
  readonly tables: readonly Table[];
  readonly figures: Figures;
}

/** The first row names the columns. */
export type Table = readonly (readonly string[])[];

export function toMarkdown({ title, text, tables }: Omit<Report, 'figures'>): string {
  return [`## ${title}`, text, ...tables.map(tableToMarkdown)].join('\n\n') + '\n';
}

export function tableToMarkdown(table: Table): string {
  const [header = [], ...rows] = table;
  const widths = header.map((_, column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** With three significant figures, and commas between thousands. */
export function figure(value: number | undefined, unit = ''): string {
  if (value === undefined) {
    return '-';
  }
  const rounded = Number(value.toPrecision(3));
  const text = rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
  return unit === '' ? text : `${text} ${unit}`;
}

export function times(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(2)}x`;
}
