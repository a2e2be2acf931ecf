/** What one round of one measurement gave. */
export interface Row {
  readonly case: string;
  readonly contender: string;
  /** With its unit. */
  readonly metric: string;
  readonly value: number;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** What is measured, and how. */
  readonly text: string;
  readonly measure: () => AsyncIterable<Row>;
}

/** The median of all rounds; NaN if there is none. */
export type Medians = (caseName: string, contender: string, metric: string) => number;

export function toRows(caseName: string, contender: string, values: Readonly<Record<string, number>>): Row[] {
  return Object.entries(values).map(([metric, value]) => ({ case: caseName, contender, metric, value }));
}

export function mediansOf(rows: readonly Row[]): Medians {
  return (caseName, contender, metric) => {
    const found = rows.filter(
      (row) => row.case === caseName && row.contender === contender && row.metric === metric,
    );
    return median(found.map(({ value }) => value));
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
