import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.js';

interface Manifest {
  readonly version: string;
  readonly thresholds: { readonly decision: number; readonly medium: number; readonly high: number };
  readonly golden_rows: readonly { readonly features: Customer; readonly probability: number }[];
}

type Customer = Readonly<Record<string, number>>;

export interface Prediction {
  readonly churn_probability: number;
  readonly churn_prediction: boolean;
  readonly risk_tier: string;
  readonly model_version: string;
}

/** A request with the predictions that the training side computed for its customers. */
export interface PredictionRequest {
  readonly path: '/predict' | '/predict/batch';
  readonly body: string;
  readonly expected: readonly Prediction[];
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'models/churn_model.manifest.json'), 'utf8')) as Manifest;

/** The golden rows, one a request. */
export const GOLDEN_SINGLES: readonly PredictionRequest[] = manifest.golden_rows.map(
  ({ features, probability }) => ({
    path: '/predict',
    body: JSON.stringify(features),
    expected: [toPrediction(probability)],
  }),
);

/** What the load generators send: a customer from the middle of the training data. */
export const SINGLE = singleOf(Math.floor(GOLDEN_SINGLES.length / 2));

/** A batch of this many golden rows, repeated as needed. */
export function batchOf(rowCount: number): PredictionRequest {
  const rows = Array.from({ length: rowCount }, (_, row) => singleOf(row % GOLDEN_SINGLES.length));
  return {
    path: '/predict/batch',
    body: `{"customers":[${rows.map(({ body }) => body).join(',')}]}`,
    expected: rows.flatMap(({ expected }) => expected),
  };
}

function singleOf(row: number): PredictionRequest {
  const request = GOLDEN_SINGLES[row];
  if (request === undefined) {
    throw new Error(`The manifest has no golden row ${row}.`);
  }
  return request;
}

function toPrediction(probability: number): Prediction {
  const { version, thresholds } = manifest;
  return {
    churn_probability: Math.round(probability * 1e4) / 1e4,
    churn_prediction: probability >= thresholds.decision,
    risk_tier: probability >= thresholds.high ? 'HIGH' : probability >= thresholds.medium ? 'MEDIUM' : 'LOW',
    model_version: version,
  };
}
