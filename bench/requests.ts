import { readFileSync } from 'node:fs';
import type { HttpRequest } from './http-connection.js';

interface Manifest {
  readonly version: string;
  readonly thresholds: { readonly decision: number; readonly medium: number; readonly high: number };
  readonly golden_rows: readonly {
    readonly features: Readonly<Record<string, number>>;
    readonly probability: number;
  }[];
}

/** A request with the predictions that the training side computed for its customers. */
export interface PredictionRequest extends HttpRequest {
  readonly body: string;
  readonly expected: readonly object[];
}

const manifest = JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as Manifest;

/** The golden rows, one a request. */
export const SINGLES: readonly PredictionRequest[] = manifest.golden_rows.map(
  ({ features, probability }) => ({
    method: 'POST',
    path: '/predict',
    body: JSON.stringify(features),
    expected: [toPrediction(probability)],
  }),
);

/** What the load generators send: a customer from the middle of the training data. */
export const SINGLE = singleOf(Math.floor(SINGLES.length / 2));

/** A batch of this many golden rows, repeated as needed. */
export function batchOf(rowCount: number): PredictionRequest {
  const rows = Array.from({ length: rowCount }, (_, row) => singleOf(row % SINGLES.length));
  return {
    method: 'POST',
    path: '/predict/batch',
    body: `{"customers":[${rows.map(({ body }) => body).join(',')}]}`,
    expected: rows.flatMap(({ expected }) => expected),
  };
}

function singleOf(row: number): PredictionRequest {
  const request = SINGLES[row];
  if (request === undefined) {
    throw new Error(`The manifest has no golden row ${row}.`);
  }
  return request;
}

function toPrediction(probability: number): object {
  const { version, thresholds } = manifest;
  return {
    churn_probability: Math.round(probability * 1e4) / 1e4,
    churn_prediction: probability >= thresholds.decision,
    risk_tier: probability >= thresholds.high ? 'HIGH' : probability >= thresholds.medium ? 'MEDIUM' : 'LOW',
    model_version: version,
  };
}
