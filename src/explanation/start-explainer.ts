import { resolve } from 'node:path';
import type { PinoLogger } from 'nestjs-pino';
import { ModelLoadError } from '../bundle/model-load-error.js';
import type { Settings } from '../config/settings.js';
import { InvalidProbabilityError } from '../model/model.errors.js';
import type { ModelService } from '../model/model.service.js';
import { type Explainer, explainerOf } from './explainer.js';
import { proveExplanations } from './explanation-proof.js';

/**
 * Scores the background rows of a bundle, and proves that the model explains the golden rows as the training side did.
 *
 * @returns nothing if the bundle has no background
 * @throws {ModelLoadError} which ends the start
 */
export async function startExplainer(
  model: ModelService,
  settings: Settings,
  logger: PinoLogger,
): Promise<Explainer | undefined> {
  const { manifest, layout } = model.loaded;
  const { explanations } = manifest;
  if (explanations === undefined) {
    return undefined;
  }
  warnIfSlow(expectedExplanationMs(model, settings), settings, logger);
  const startedAtMs = performance.now();
  try {
    const explainer = await explainerOf(explanations, layout, (source, call) =>
      model.predictWhenIdle(source, call),
    );
    const { goldenCount, kind, worstDifference } = await proveExplanations(
      explainer,
      { ...manifest, explanations },
      (rowCount) => model.expectedPassMs(rowCount),
      resolve(settings.modelPath),
    );
    logger.info(
      {
        background_rows: explanations.background.length,
        golden_explanations: goldenCount,
        method: kind,
        worst_difference: worstDifference,
        proof_ms: Math.round(performance.now() - startedAtMs),
      },
      'explanations proven',
    );
    return explainer;
  } catch (error) {
    throw error instanceof InvalidProbabilityError ? noProbability(error, settings) : error;
  }
}

/** @returns how long one explanation takes while nothing else does */
export function expectedExplanationMs(model: ModelService, { explanationRows }: Settings): number {
  const { maxBatchRows } = model.loaded.plan;
  return (explanationRows / maxBatchRows) * model.expectedPassMs(maxBatchRows);
}

function warnIfSlow(
  expectedMs: number,
  { explanationRows, explanationTimeoutMs }: Settings,
  logger: PinoLogger,
): void {
  if (expectedMs > explanationTimeoutMs) {
    logger.warn(
      {
        explanation_rows: explanationRows,
        expected_ms: Math.round(expectedMs),
        explanation_timeout_ms: explanationTimeoutMs,
      },
      'explanations may take longer than EXPLANATION_TIMEOUT_MS: lower EXPLANATION_ROWS, or raise the timeout',
    );
  }
}

function noProbability(cause: InvalidProbabilityError, { modelPath }: Settings): ModelLoadError {
  return new ModelLoadError(
    {
      problem: 'The model gives a value that is not a probability',
      where: resolve(modelPath),
      expected: 'a number from 0 to 1 for each row that explains a golden row',
      found: String(cause.probability),
      remedy: 'export the model again, and check that the stated output holds probabilities',
    },
    { cause },
  );
}
