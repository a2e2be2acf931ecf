import { WrongAnswerError } from './wrong-answer.error.js';

/** What the rounds of one measurement gave. One wrong answer disqualifies them all. */
export class Rounds {
  private readonly values: number[] = [];
  private fault: string | undefined;

  add(value: number): void {
    this.values.push(value);
  }

  disqualify(fault: string): void {
    this.fault ??= fault;
  }

  /** Undefined if it was not measured, or disqualified. */
  get median(): number | undefined {
    return this.fault === undefined ? median(this.values) : undefined;
  }

  /** For a table. */
  format(write: (median: number) => string): string {
    const { median } = this;
    return this.fault !== undefined
      ? `disqualified: ${this.fault}`
      : median === undefined
        ? '-'
        : write(median);
  }
}

/**
 * Measures all these in one round.
 *
 * @param round gives a value for each, in their order; a wrong answer in it disqualifies them all
 */
export async function measureRound(
  all: readonly Rounds[],
  round: () => Promise<readonly number[]>,
): Promise<void> {
  try {
    const values = await round();
    all.forEach((rounds, index) => {
      rounds.add(values[index] ?? NaN);
    });
  } catch (error) {
    if (!(error instanceof WrongAnswerError)) {
      throw error;
    }
    const { message } = error;
    all.forEach((rounds) => {
      rounds.disqualify(message);
    });
  }
}

/** Undefined if there is none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)];
  const high = sorted[Math.ceil(middle)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** Undefined if either is. */
export function ratio(numerator: number | undefined, denominator: number | undefined): number | undefined {
  return numerator === undefined || denominator === undefined ? undefined : numerator / denominator;
}
