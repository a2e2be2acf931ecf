import { type Customer, customerOf } from '../bundle/feature.js';
import type { StatedExplanations } from '../bundle/manifest.js';
import { type CallContext, PATIENT_CALLER } from '../model/call-context.js';
import { type FeatureTable, type TableLayout, tableOf } from '../model/feature-table.js';
import { type RowSource, rowsOf } from '../model/row-source.js';
import { JoinedRows } from './joined-rows.js';
import { gamesOf } from './shapley/coalition-rows.js';
import { exactRowsOf, ExactShapley } from './shapley/exact-shapley.js';
import { mean } from './shapley/estimate.js';
import { SampledShapley } from './shapley/sampled-shapley.js';
import type { Background, ShapleyPlan } from './shapley/shapley-plan.js';

/** Why the model gives a customer its probability. */
export interface Reasons {
  readonly kind: 'exact' | 'sampled';
  readonly probability: number;
  /** Rows that the model scored. */
  readonly evaluationCount: number;
  /** By the name of the feature. They add up to the probability less the base. */
  readonly contributions: ReadonlyMap<string, Contribution>;
}

export interface Contribution {
  readonly value: number;
  /** Absent if the contribution is exact. */
  readonly standardError?: number;
}

/** Scores rows in slices, while no prediction is asked for. */
type ScoreRows = (source: RowSource, call: CallContext) => Promise<Float64Array>;

/** Explains probabilities by interventional Shapley values against the background rows of a bundle. */
export class Explainer {
  constructor(
    private readonly score: ScoreRows,
    private readonly layout: TableLayout,
    readonly background: Background,
  ) {}

  /**
   * @param budgetRows most rows that the model scores for a customer
   * @returns the reasons of each customer, in their order
   * @throws as the model does
   */
  async explain(customers: readonly Customer[], budgetRows: number, call: CallContext): Promise<Reasons[]> {
    const plans = customers.map((customer) => this.plan(tableOf([customer], this.layout), budgetRows));
    const all = new JoinedRows(plans);
    const probabilities = await this.score(all, call);
    return plans.map((plan, index) => {
      const firstRow = all.firstRows[index] ?? NaN;
      return this.reasons(plan, probabilities.subarray(firstRow, firstRow + plan.rowCount));
    });
  }

  private plan(customer: FeatureTable, budgetRows: number): ShapleyPlan {
    const { table } = this.background;
    const games = gamesOf(customer, table);
    const exactRows = games.reduce((sum, { length }) => sum + exactRowsOf(length), 1);
    return exactRows <= budgetRows
      ? new ExactShapley(customer, this.background, games)
      : new SampledShapley(customer, this.background, games, budgetRows);
  }

  private reasons(plan: ShapleyPlan, probabilities: Float64Array): Reasons {
    const { contributions, standardErrors } = plan.attribute(probabilities);
    const { numbers, texts } = this.layout;
    const names = [...numbers, ...texts].map(({ name }) => name);
    return {
      kind: plan.kind,
      probability: probabilities[0] ?? NaN,
      evaluationCount: plan.rowCount,
      contributions: new Map(
        names.map((name, column) => {
          const standardError = standardErrors?.[column];
          const value = contributions[column] ?? NaN;
          return [name, { value, ...(standardError !== undefined && { standardError }) }];
        }),
      ),
    };
  }
}

/** Makes the explainer of a bundle, for which the model scores the background rows. */
export async function explainerOf(
  { features, background: rows }: StatedExplanations,
  layout: TableLayout,
  score: ScoreRows,
): Promise<Explainer> {
  const table = tableOf(
    rows.map((row) => customerOf(features, row)),
    layout,
  );
  const probabilities = await score(rowsOf(table), PATIENT_CALLER);
  return new Explainer(score, layout, { table, probabilities, baseProbability: mean(probabilities) });
}
