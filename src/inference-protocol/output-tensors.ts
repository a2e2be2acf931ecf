import type { Thresholds } from '../bundle/manifest.js';
import { RISK_TIERS } from '../prediction/risk-tier.js';
import { invalidRequest, quoted } from './invalid-request.js';
import { BASE_PROBABILITY, CONTRIBUTIONS, type TensorMetadata, USUAL_OUTPUTS } from './served-tensors.js';
import type { OutputTensor } from './tensor.js';

/** What is said of each row. */
export interface Scores {
  /** Unrounded. */
  readonly probabilities: Float64Array;
  /** Indices of RISK_TIERS. */
  readonly riskTiers: Uint8Array;
  readonly thresholds: Thresholds;
}

/** Why it is said. */
export interface RowReasons {
  /** [rows, features] in the order of the contract. */
  readonly contributions: Float64Array;
  readonly featureCount: number;
  readonly baseProbability: number;
}

/**
 * @param asked names of outputs; none stands for the usual ones
 * @param outputs that there are
 * @throws {ProblemException} if one is asked for that there is not
 */
export function requestedOutputs(asked: readonly string[], outputs: readonly TensorMetadata[]): string[] {
  const names = outputs.map(({ name }) => name);
  for (const name of asked) {
    if (name === CONTRIBUTIONS || name === BASE_PROBABILITY) {
      requireExplained(name, names);
    } else if (!names.includes(name)) {
      throw invalidRequest(`The output ${quoted(name)} is unknown. The outputs are ${names.join(', ')}.`);
    }
  }
  return asked.length === 0 ? USUAL_OUTPUTS.map(({ name }) => name) : [...asked];
}

function requireExplained(name: string, names: readonly string[]): void {
  if (!names.includes(name)) {
    throw invalidRequest(
      `The output ${quoted(name)} is not served: the bundle of the model has no background rows to explain it against.`,
    );
  }
}

/** Whether an output says why a score is what it is. */
export function isReason(name: string): boolean {
  return name === CONTRIBUTIONS || name === BASE_PROBABILITY;
}

/** @param reasons needed only for outputs that say why */
export function outputTensor(name: string, scores: Scores, reasons: RowReasons | undefined): OutputTensor {
  const { probabilities, riskTiers, thresholds } = scores;
  const rowCount = probabilities.length;
  switch (name) {
    case 'churn_probability':
      return { name, datatype: 'FP64', shape: [rowCount], values: probabilities };
    case 'churn_prediction': {
      const values = new Uint8Array(rowCount);
      for (let row = 0; row < rowCount; row++) {
        values[row] = Number((probabilities[row] ?? NaN) >= thresholds.decision);
      }
      return { name, datatype: 'BOOL', shape: [rowCount], values };
    }
    case 'risk_tier':
      return {
        name,
        datatype: 'BYTES',
        shape: [rowCount],
        values: { names: RISK_TIERS, codes: riskTiers },
      };
    case CONTRIBUTIONS: {
      const { contributions = new Float64Array(), featureCount = 0 } = reasons ?? {};
      return { name, datatype: 'FP64', shape: [rowCount, featureCount], values: contributions };
    }
    default: {
      const values = new Float64Array(rowCount).fill(reasons?.baseProbability ?? NaN);
      return { name, datatype: 'FP64', shape: [rowCount], values };
    }
  }
}
