import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Customer } from '../bundle/feature.js';
import { PATIENT_CALLER } from '../model/call-context.js';
import { type FeatureTable, rowValues, sliceRows, type TableLayout } from '../model/feature-table.js';
import type { RowSource } from '../model/row-source.js';
import { type Explainer, explainerOf, type Reasons } from './explainer.js';

type Row = Readonly<Record<string, number | string>>;
type Model = (row: Row) => number;

function layoutFor(numbers: readonly string[], texts: readonly string[] = []): TableLayout {
  return {
    numbers: numbers.map((name) => ({ name })),
    texts: texts.map((name) => ({ name, missingText: '?' })),
  };
}

/** Asks for the rows in slices of several lengths, as the scheduler does. */
function scoreBy(model: Model, layout: TableLayout, counts: number[] = []) {
  return (source: RowSource): Promise<Float64Array> => {
    const probabilities: number[] = [];
    for (let start = 0, length = 1; start < source.rowCount; length = (length % 7) + 1) {
      const end = Math.min(start + length, source.rowCount);
      const table = source.rows(start, end);
      for (let row = 0; row < table.rowCount; row++) {
        probabilities.push(model(rowValues(table, row, layout)));
      }
      start = end;
    }
    counts.push(source.rowCount);
    return Promise.resolve(Float64Array.from(probabilities));
  };
}

async function explainerFor(
  model: Model,
  layout: TableLayout,
  background: readonly Customer[],
  counts?: number[],
): Promise<Explainer> {
  const features = [...layout.numbers, ...layout.texts].map(({ name }) => name);
  const stated = {
    features,
    background: background.map((row) => features.map((name) => row[name])),
    base_probability: 0,
    golden: [],
  };
  return explainerOf(stated, layout, scoreBy(model, layout, counts));
}

async function reasonsOf(explainer: Explainer, customer: Customer, budgetRows: number): Promise<Reasons> {
  const [reasons] = await explainer.explain([customer], budgetRows, PATIENT_CALLER);
  if (reasons === undefined) {
    throw new Error('The customer was not explained.');
  }
  return reasons;
}

function valueOf(reasons: Reasons, feature: string): number {
  return reasons.contributions.get(feature)?.value ?? NaN;
}

function sumOf({ contributions }: Reasons): number {
  return [...contributions.values()].reduce((sum, { value }) => sum + value, 0);
}

/** The definition, word for word: what a feature adds to a coalition, over all orders of all features. */
function contributionByDefinition(
  model: Model,
  feature: string,
  features: readonly string[],
  customer: Row,
  background: readonly Row[],
): number {
  const value = (coalition: ReadonlySet<string>): number =>
    background.reduce((sum, row) => {
      const taken = Object.fromEntries(features.map((f) => [f, (coalition.has(f) ? customer : row)[f] ?? 0]));
      return sum + model(taken);
    }, 0) / background.length;
  const orders = permutations(features);
  return (
    orders.reduce((sum, order) => {
      const before = new Set(order.slice(0, order.indexOf(feature)));
      return sum + value(new Set([...before, feature])) - value(before);
    }, 0) / orders.length
  );
}

function permutations<T>(items: readonly T[]): T[][] {
  return items.length === 0
    ? [[]]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

/** A model in which features work together, texts too. */
function entangled(row: Row): number {
  const { a = 0, b = 0, c = 0, t = '' } = row;
  const product = Number(a) * Number(b) + (t === 'x' ? Number(c) : 0.3) + Number(b) * (t === 'y' ? 1 : 0);
  return 1 / (1 + Math.exp(-product));
}

const FEATURES = ['a', 'b', 'c', 't'];
const LAYOUT = layoutFor(['a', 'b', 'c'], ['t']);
const customers = fc.record({
  a: fc.constantFrom(-1, 0, 0.5, 2),
  b: fc.constantFrom(-2, 0, 1),
  c: fc.double({ min: -2, max: 2, noNaN: true }),
  t: fc.constantFrom('x', 'y', 'z'),
});

describe('an exact explanation', () => {
  it('is the mean of what each feature adds, over all orders, and adds up to the probability', async () => {
    await fc.assert(
      fc.asyncProperty(
        customers,
        fc.array(customers, { minLength: 1, maxLength: 5 }),
        async (customer, rows) => {
          const explainer = await explainerFor(entangled, LAYOUT, rows);
          const reasons = await reasonsOf(explainer, customer, 4096);
          expect(reasons.kind).toBe('exact');
          for (const feature of FEATURES) {
            const expected = contributionByDefinition(entangled, feature, FEATURES, customer, rows);
            expect(valueOf(reasons, feature)).toBeCloseTo(expected, 12);
          }
          const { baseProbability } = explainer.background;
          expect(baseProbability + sumOf(reasons)).toBeCloseTo(entangled(customer), 12);
        },
      ),
    );
  });

  it('of a linear model is the distance to the mean times the slope', async () => {
    const linear: Model = ({ a = 0, b = 0 }) => 0.5 + 0.1 * Number(a) - 0.05 * Number(b);
    const rows = [
      { a: 0, b: 0 },
      { a: 1, b: 2 },
      { a: 5, b: 1 },
    ];
    const explainer = await explainerFor(linear, layoutFor(['a', 'b']), rows);
    const reasons = await reasonsOf(explainer, { a: 3, b: 4 }, 4096);
    expect(valueOf(reasons, 'a')).toBeCloseTo(0.1 * (3 - 2), 12);
    expect(valueOf(reasons, 'b')).toBeCloseTo(-0.05 * (4 - 1), 12);
  });

  it('gives exactly 0 to a feature that cannot matter, and the same to two that are the same', async () => {
    const model: Model = ({ a = 0, b = 0 }) => 1 / (1 + Math.exp(-Number(a) * Number(b)));
    const rows = [
      { a: 1, b: 1, c: 7 },
      { a: -2, b: -2, c: 1 },
    ];
    const reasons = await reasonsOf(
      await explainerFor(model, layoutFor(['a', 'b', 'c']), rows),
      { a: 3, b: 3, c: 2 },
      4096,
    );
    expect(valueOf(reasons, 'c')).toBe(0);
    expect(valueOf(reasons, 'a')).toBeCloseTo(valueOf(reasons, 'b'), 15);
  });

  it('scores no row for a feature in which the customer does not differ', async () => {
    const counts: number[] = [];
    const explainer = await explainerFor(entangled, LAYOUT, [{ a: 1, b: 1, c: 1, t: 'x' }], counts);
    const reasons = await reasonsOf(explainer, { a: 1, b: 0, c: 0, t: 'x' }, 4096);
    // The background row; then the customer and the two coalitions of one feature.
    expect(counts).toEqual([1, 3]);
    expect(reasons.evaluationCount).toBe(3);
  });

  it('takes two missing values for the same', async () => {
    const explainer = await explainerFor(() => 0.5, LAYOUT, [{ a: null, b: 1, c: 1, t: null }]);
    const reasons = await reasonsOf(explainer, { a: null, b: 1, c: 1, t: null }, 4096);
    expect(reasons.evaluationCount).toBe(1);
  });
});

const WIDE = Array.from({ length: 9 }, (_, index) => `f${index}`);

/** Nine features, of which pairs work together and the last does not matter. */
const wide: Model = (row) => {
  const values = WIDE.map((name) => Number(row[name]));
  const sum = values
    .slice(0, 8)
    .reduce((total, value, index) => total + value * (index % 2 === 0 ? 0.4 : -(values[index - 1] ?? 0)), 0);
  return 1 / (1 + Math.exp(-sum));
};

function wideCustomer(seed: number): Record<string, number> {
  return Object.fromEntries(WIDE.map((name, index) => [name, Math.sin(seed * 31 + index * 7)]));
}

const WIDE_BACKGROUND = Array.from({ length: 16 }, (_, row) => wideCustomer(row + 100));
const ENOUGH_ROWS = 16 * 2 ** 9;

describe('a sampled explanation', () => {
  const explainer = explainerFor(wide, layoutFor(WIDE), WIDE_BACKGROUND);

  it.each([100, 300, 2000])('of %i rows adds up, and keeps to its budget', async (budgetRows) => {
    for (let seed = 0; seed < 10; seed++) {
      const reasons = await reasonsOf(await explainer, wideCustomer(seed), budgetRows);
      expect(reasons.kind).toBe('sampled');
      expect(reasons.evaluationCount).toBeLessThanOrEqual(budgetRows);
      const { baseProbability } = (await explainer).background;
      expect(Math.abs(baseProbability + sumOf(reasons) - wide(wideCustomer(seed)))).toBeLessThan(1e-12);
    }
  });

  it('is within four standard errors of the exact one', async () => {
    let misses = 0;
    let count = 0;
    for (let seed = 0; seed < 20; seed++) {
      const exact = await reasonsOf(await explainer, wideCustomer(seed), ENOUGH_ROWS);
      expect(exact.kind).toBe('exact');
      // Nearly a round of the background rows, and seven rounds.
      for (const budgetRows of [250, 2000]) {
        const sampled = await reasonsOf(await explainer, wideCustomer(seed), budgetRows);
        for (const [feature, { value, standardError = 0 }] of sampled.contributions) {
          count++;
          misses += Number(Math.abs(value - valueOf(exact, feature)) > 4 * standardError + 1e-12);
        }
      }
    }
    expect(count).toBe(20 * 2 * WIDE.length);
    expect(misses / count).toBeLessThan(0.01);
  });

  it('has smaller errors with more rows', async () => {
    const errorOf = async (budgetRows: number): Promise<number> => {
      const { contributions } = await reasonsOf(await explainer, wideCustomer(1), budgetRows);
      return [...contributions.values()].reduce((sum, { standardError = 0 }) => sum + standardError, 0);
    };
    expect(await errorOf(8000)).toBeLessThan(0.5 * (await errorOf(800)));
  });

  it('gives exactly 0, without an error, to a feature that cannot matter', async () => {
    const reasons = await reasonsOf(await explainer, wideCustomer(3), 300);
    expect(reasons.contributions.get('f8')).toEqual({ value: 0, standardError: 0 });
  });

  it('does not take a feature for certain that no walk has seen', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const model: Model = (row) => names.reduce((sum, name) => sum + Number(row[name]), 0) / 100;
    // Each background row differs from the customer in ten of the features.
    const rows = Array.from({ length: 8 }, (_, row) =>
      Object.fromEntries(names.map((name, index) => [name, (index + row) % 8 < 4 ? 1 : 0])),
    );
    const customer = Object.fromEntries(names.map((name) => [name, 0]));
    const reasons = await reasonsOf(await explainerFor(model, layoutFor(names), rows), customer, 40);
    const errors = [...reasons.contributions.values()].map(({ standardError = NaN }) => standardError);
    expect(reasons.evaluationCount).toBeLessThan(45);
    expect(Math.min(...errors)).toBeGreaterThan(0);
  });

  it('is the same each time for the same customer', async () => {
    const first = await reasonsOf(await explainer, wideCustomer(5), 300);
    expect(await reasonsOf(await explainer, wideCustomer(5), 300)).toEqual(first);
    expect(await reasonsOf(await explainer, wideCustomer(6), 300)).not.toEqual(first);
  });

  it('takes at least two walks, even beyond its budget', async () => {
    const reasons = await reasonsOf(await explainer, wideCustomer(7), 20);
    expect(reasons.evaluationCount).toBe(1 + 2 * 16);
  });

  it('takes two walks from a single background row, so that it knows an error', async () => {
    const single = await explainerFor(wide, layoutFor(WIDE), WIDE_BACKGROUND.slice(0, 1));
    const { contributions, evaluationCount } = await reasonsOf(single, wideCustomer(7), 20);
    expect(evaluationCount).toBe(1 + 2 * 16);
    expect(contributions.get('f0')?.standardError).toBeGreaterThan(0);
  });

  it('knows nothing of how a change is shared that no walk has seen', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    // One background row has another probability than the customer, and no mixture of the two has it.
    const model: Model = (row) => (names.slice(1).every((name) => row[name] === 2) ? 0.9 : 0.1);
    const rows = Array.from({ length: 64 }, (_, row) =>
      Object.fromEntries(names.map((name) => [name, name === 'f0' ? 0 : row === 0 ? 2 : 1])),
    );
    const customer = Object.fromEntries(names.map((name) => [name, 0]));
    const { contributions } = await reasonsOf(
      await explainerFor(model, layoutFor(names), rows),
      customer,
      20,
    );
    // In this the customer is as all background rows.
    expect(contributions.get('f0')).toEqual({ value: 0, standardError: 0 });
    expect(contributions.get('f1')?.value).toBeCloseTo((0.1 - (0.9 + 63 * 0.1) / 64) / 19, 12);
    expect(contributions.get('f1')?.standardError).toBeCloseTo(0.8 / 64, 12);
  });
});

describe('a batch', () => {
  it('is explained as its customers are alone', async () => {
    const explainer = await explainerFor(wide, layoutFor(WIDE), WIDE_BACKGROUND);
    const batch = [1, 2, 3].map(wideCustomer);
    const together = await explainer.explain(batch, 300, PATIENT_CALLER);
    const alone = await Promise.all(batch.map((customer) => reasonsOf(explainer, customer, 300)));
    expect(together).toEqual(alone);
  });
});

describe('sliceRows', () => {
  it('keeps numbers and texts of a row together', () => {
    const table: FeatureTable = {
      rowCount: 3,
      numbers: Float64Array.of(1, 2, 3, 4, 5, 6),
      texts: ['a', 'b', 'c'],
    };
    expect(sliceRows(table, 1, 3)).toEqual({
      rowCount: 2,
      numbers: Float64Array.of(3, 4, 5, 6),
      texts: ['b', 'c'],
    });
  });
});
