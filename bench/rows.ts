import { WrongAnswerError } from './http-connection.js';

/** What is measured, with its unit. */
export type Metric =
  | `${'' | 'offered ' | 'one caller ' | '64 callers '}requests/s`
  | 'requests/CPU-s'
  | '% of offered'
  | 'cores in use'
  | `${'' | '/health/live ' | 'lateness '}${'p50' | 'p99' | 'p99.9'} (ms)`
  | 'p99 over p50 (x)'
  | 'gain over HTTP (x)'
  | 'gain that the model offers (x)'
  | 'share of the gain'
  | 'event-loop delay p99 (ms)'
  | `${'RSS' | 'live heap' | 'heap used' | 'external memory'} (MiB)`
  | 'open files and sockets'
  | 'start (ms)'
  | 'cost (µs)'
  | 'cost per row (µs)';

export type Values = Readonly<Partial<Record<Metric, number>>>;

/** What one round of one measurement gave. */
export interface Row {
  readonly case: string;
  readonly contender: string;
  readonly metric: Metric | typeof DISQUALIFIED;
  readonly value: number;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  /** What is measured, and how. */
  readonly text: string;
  readonly measure: () => AsyncIterable<Row>;
}

/** A contender that gives a wrong answer gets this instead of a metric, and has no figure in that case. */
export const DISQUALIFIED = 'disqualified';

/** The median of all rounds; NaN if there is none, or the contender is disqualified in the case. */
export type Medians = (caseName: string, contender: string, metric: Metric) => number;

export function mediansOf(rows: readonly Row[]): Medians {
  return (caseName, contender, metric) => {
    const found = rows.filter((row) => row.case === caseName && row.contender === contender);
    const isDisqualified = found.some((row) => row.metric === DISQUALIFIED);
    const values = found.filter((row) => row.metric === metric).map(({ value }) => value);
    return isDisqualified ? NaN : median(values);
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

export function toRows(caseName: string, contender: string, values: Values): Row[] {
  const metrics = Object.entries(values) as [Metric, number][];
  return metrics.map(([metric, value]) => ({ case: caseName, contender, metric, value }));
}

/** Measures a contender in a case. A wrong answer disqualifies it. */
export async function measured(
  caseName: string,
  contender: string,
  measure: () => Promise<Values>,
): Promise<Row[]> {
  try {
    return toRows(caseName, contender, await measure());
  } catch (error) {
    if (!(error instanceof WrongAnswerError)) {
      throw error;
    }
    console.error(`${contender} is disqualified in "${caseName}": ${error.message}`);
    return [{ case: caseName, contender, metric: DISQUALIFIED, value: 1 }];
  }
}
