import type { Customer, FeatureValue } from '../bundle/feature.js';
import type { Thresholds } from '../bundle/manifest.js';
import { riskTier } from '../prediction/risk-tier.js';
import type { ScoredRows } from '../prediction/scored-rows-feed.js';

/** The model that is recorded. */
export interface RecordedModel {
  readonly version: string;
  readonly sha256: string;
  readonly thresholds: Thresholds;
  /** Names, in the order in which they are recorded. */
  readonly features: readonly string[];
}

/** Facts of a request that are the same for all its rows. */
export interface RecordedRequest {
  readonly id: string;
  /** Name of the caller's API key. */
  readonly caller: string | undefined;
  readonly answeredAt: Date;
}

/** Longest text that is kept as an identifier, in UTF-16 units. */
const LONGEST_ID = 256;

/** A second model that scored the same rows. */
export interface RecordedCandidate {
  readonly version: string;
  readonly sha256: string;
  readonly probabilities: Float64Array;
}

/**
 * @param idField field of the body that identifies a customer; empty to keep none
 * @returns a line for each row, without its end
 */
export function recordBeginnings(
  { customers, probabilities }: Pick<ScoredRows, 'customers' | 'probabilities'>,
  request: RecordedRequest,
  model: RecordedModel,
  idField: string,
): string[] {
  const { version, sha256, thresholds, features } = model;
  const [time, requestId, caller] = [request.answeredAt, request.id, request.caller ?? null].map((value) =>
    JSON.stringify(value),
  );
  const [modelVersion, modelSha256] = [version, sha256].map((text) => JSON.stringify(text));
  return customers.map((customer, row) => {
    const probability = probabilities[row] ?? NaN;
    const id = idField === '' ? undefined : identifier(customer[idField]);
    return (
      `{"time":${time},"request_id":${requestId},"row":${row},"caller":${caller},` +
      `"model_version":${modelVersion},"model_sha256":${modelSha256},` +
      (id === undefined ? '' : `"id":${JSON.stringify(id)},`) +
      `"features":${JSON.stringify(valuesOf(customer, features))},"probability":${probability},` +
      `"prediction":${probability >= thresholds.decision},"risk_tier":"${riskTier(probability, thresholds)}"`
    );
  });
}

/** @returns the end of a row's line, with its line break */
export function recordEnd(row: number, candidate: RecordedCandidate | undefined): string {
  if (candidate === undefined) {
    return '}\n';
  }
  const [version, sha256] = [candidate.version, candidate.sha256].map((text) => JSON.stringify(text));
  const probability = JSON.stringify(candidate.probabilities[row]);
  return `,"shadow":{"model_version":${version},"model_sha256":${sha256},"probability":${probability}}}\n`;
}

/** Without fields that the contract does not name: nobody said that they may be kept. */
function valuesOf(customer: Customer, features: readonly string[]): Customer {
  const values: Record<string, FeatureValue> = {};
  for (const name of features) {
    values[name] = customer[name];
  }
  return values;
}

function identifier(value: unknown): string | number | undefined {
  const isKept = typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_ID);
  return isKept ? value : undefined;
}
