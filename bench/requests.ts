import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { ModelManifest } from '../src/model/model-manifest.js';
import type { Contender } from './contenders.js';
import { askInTurn, type HttpRequest } from './http-connection.js';

/** A request with the predictions that the training side computed for its customers. */
export interface PredictionRequest extends HttpRequest {
  readonly body: string;
  readonly expected: readonly object[];
}

const manifest = JSON.parse(readFileSync('models/churn_model.manifest.json', 'utf8')) as ModelManifest;

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

/**
 * Asks for predictions: for every golden row, alone and in one batch, if nothing else is given.
 *
 * @returns the texts of the answers
 * @throws {Error} if one is wrong
 */
export async function checkedAnswers(
  url: string,
  answers: Contender['answers'],
  requests: readonly PredictionRequest[] = [...SINGLES, batchOf(SINGLES.length)],
): Promise<string[]> {
  const got = await askInTurn(url, requests);
  return requests.map((request, index) => {
    const { status = 0, body = '' } = got[index] ?? {};
    if (status !== 200 || !isRight(body, request, answers)) {
      throw new Error(`status ${status} to ${request.body.slice(0, 120)}: ${body.slice(0, 200)}`);
    }
    return body;
  });
}

function isRight(text: string, request: PredictionRequest, answers: Contender['answers']): boolean {
  const { path, body, expected } = request;
  const batch = { predictions: expected, batch_size: expected.length, latency_ms: 0 };
  const right: unknown = answers === 'echo' ? JSON.parse(body) : path === '/predict' ? expected[0] : batch;
  const answer: unknown = JSON.parse(text.replace(/"latency_ms":[\d.]+/, '"latency_ms":0'));
  return answers === 'anything' || isDeepStrictEqual(answer, right);
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
