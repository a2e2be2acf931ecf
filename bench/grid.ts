import type { Table } from './report.js';
import { Rounds } from './rounds.js';

/** The rounds of every contender in every case. */
export class Grid {
  private readonly cells = new Map<string, Map<string, Rounds>>();

  /** Makes an empty cell at the first mention. */
  cell(contender: string, caseName: string): Rounds {
    const row = this.cells.get(contender) ?? new Map<string, Rounds>();
    this.cells.set(contender, row);
    const cell = row.get(caseName) ?? new Rounds();
    row.set(caseName, cell);
    return cell;
  }

  /** A line for each case, a column for each contender, in the order of their first mention. */
  toTable(corner: string, write: (median: number, caseName: string) => string): Table {
    const contenders = [...this.cells.keys()];
    const cases = [...new Set([...this.cells.values()].flatMap((row) => [...row.keys()]))];
    return [
      [corner, ...contenders],
      ...cases.map((caseName) => [
        caseName,
        ...contenders.map((contender) =>
          this.cell(contender, caseName).format((median) => write(median, caseName)),
        ),
      ]),
    ];
  }
}
