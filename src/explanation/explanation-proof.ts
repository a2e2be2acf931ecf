import { customerOf } from '../bundle/feature.js';
import { DEFAULT_TOLERANCE, type ModelManifest, type StatedExplanations } from '../bundle/manifest.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { PATIENT_CALLER } from '../model/call-context.js';
import type { Explainer, Reasons } from './explainer.js';

/** How the service explained the golden rows, which is as the training side did. */
export interface ExplanationProof {
  readonly goldenCount: number;
  readonly kind: 'exact' | 'sampled';
  /** Greatest absolute difference between a contribution and the golden one. */
  readonly worstDifference: number;
}

/**
 * Rows for each golden explanation: the first that the model scores in time. They do not depend on the settings, so that a
 * bundle does not pass on one machine and fail on another.
 */
const BUDGETS_ROWS = [4096, 1024, 256, 64];
const LEAST_BUDGET_ROWS = 64;
const LONGEST_PROOF_MS = 1000;

/** An estimate may miss a contribution by this many standard errors: a false alarm would prevent a start. */
const MOST_STANDARD_ERRORS = 10;

/** Of an explanation, each of two rows a feature. With fewer walks the error of a feature alone is often estimated far too small. */
const LEAST_WALKS = 20;

/**
 * Explains the golden rows and compares the reasons to those of the manifest.
 *
 * @param passMs tells how long the model takes for this many rows
 * @param path of the model, for the error
 * @throws {ModelLoadError} at the first difference, which ends the start
 */
export async function proveExplanations(
  explainer: Explainer,
  { explanations, tolerance = DEFAULT_TOLERANCE }: ModelManifest & { explanations: StatedExplanations },
  passMs: (rowCount: number) => number,
  path: string,
): Promise<ExplanationProof> {
  const { features, golden: stated, base_probability: statedBase } = explanations;
  const { baseProbability } = explainer.background;
  const compare = comparerOf(path);
  compare('the base probability', statedBase, baseProbability, tolerance);

  const fits = (rows: number): boolean => passMs(rows) * stated.length <= LONGEST_PROOF_MS;
  const budgetRows = BUDGETS_ROWS.find(fits) ?? LEAST_BUDGET_ROWS;
  // A heavy model explains fewer rows at the start.
  const golden = fits(budgetRows) ? stated : stated.slice(0, 1);
  const customers = golden.map(({ row }) => customerOf(features, row));
  const explained = await explainer.explain(customers, budgetRows, PATIENT_CALLER);
  let worstDifference = 0;
  golden.forEach(({ probability, contributions, standard_errors: goldenErrors }, index) => {
    const reasons = explained[index];
    const where = `golden explanation ${index}`;
    const leastError = reasons === undefined ? 0 : leastErrorOf(reasons);
    compare(`the probability of ${where}`, probability, reasons?.probability ?? NaN, tolerance);
    features.forEach((feature, column) => {
      const goldenValue = contributions[column] ?? NaN;
      const { value = NaN, standardError = 0 } = reasons?.contributions.get(feature) ?? {};
      const error = Math.hypot(Math.max(standardError, leastError), goldenErrors?.[column] ?? 0);
      // A contribution is made of differences of two probabilities.
      const allowed = 2 * tolerance + MOST_STANDARD_ERRORS * error;
      compare(`the contribution of ${feature} in ${where}`, goldenValue, value, allowed);
      worstDifference = Math.max(worstDifference, Math.abs(value - goldenValue));
    });
  });
  const isExact = explained.every(({ kind }) => kind === 'exact');
  return { goldenCount: golden.length, kind: isExact ? 'exact' : 'sampled', worstDifference };
}

/** @returns the greatest standard error, if there are too few walks to trust the smaller ones */
function leastErrorOf({ kind, contributions, evaluationCount }: Reasons): number {
  const walks = evaluationCount / (2 * contributions.size);
  return kind === 'exact' || walks >= LEAST_WALKS
    ? 0
    : Math.max(...Array.from(contributions.values(), ({ standardError = 0 }) => standardError));
}

function comparerOf(path: string) {
  return (what: string, stated: number, computed: number, allowed: number): void => {
    if (!(Math.abs(stated - computed) <= allowed)) {
      throw new ModelLoadError({
        problem: 'The model does not explain its answers as the training side did',
        where: path,
        expected: `${stated} for ${what}, within ${allowed}`,
        found: String(computed),
        remedy:
          'export the bundle again: the background rows or the golden explanations are not those of this model',
      });
    }
  };
}
