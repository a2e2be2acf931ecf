import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { customerOf } from '../src/bundle/feature.js';
import { DEFAULT_THRESHOLDS, type GoldenRows, type ModelManifest } from '../src/bundle/manifest.js';
import { toPrediction } from '../src/prediction/to-prediction.js';
import type { Contender } from './contenders.js';
import { askInTurn, type HttpRequest } from './http-connection.js';

/** A request with the predictions that the training side computed for its customers. */
export interface PredictionRequest extends HttpRequest {
  readonly body: string;
  readonly expected: readonly object[];
}

/** A model's bundle, and the golden rows as requests. */
export class Subject {
  readonly modelPath: string;
  /** One golden row each. */
  readonly singles: readonly PredictionRequest[];

  /** @param path of the bundle, without a suffix */
  constructor(path: string) {
    this.modelPath = `${path}.onnx`;
    const manifest = JSON.parse(readFileSync(`${path}.manifest.json`, 'utf8')) as ModelManifest & {
      golden_rows: GoldenRows;
    };
    const { version = '', thresholds = DEFAULT_THRESHOLDS } = manifest;
    const { features, rows, probabilities } = manifest.golden_rows;
    this.singles = rows.flatMap((row, index) => {
      const probability = probabilities[index] ?? NaN;
      const customer = customerOf(features, row);
      const request = { method: 'POST', path: '/predict', body: JSON.stringify(customer) } as const;
      const expected = [toPrediction(probability, { version, thresholds })];
      return isSafelyRounded(probability) ? { ...request, expected } : [];
    });
  }

  /** What the load generators send: a customer from the middle of the training data. */
  get single(): PredictionRequest {
    return this.singleOf(Math.floor(this.singles.length / 2));
  }

  /** A batch of this many golden rows, repeated as needed. */
  batchOf(rowCount: number): PredictionRequest {
    const rows = Array.from({ length: rowCount }, (_, row) => this.singleOf(row % this.singles.length));
    return {
      method: 'POST',
      path: '/predict/batch',
      body: `{"customers":[${rows.map(({ body }) => body).join(',')}]}`,
      expected: rows.flatMap(({ expected }) => expected),
    };
  }

  private singleOf(row: number): PredictionRequest {
    const request = this.singles[row];
    if (request === undefined) {
      throw new Error(`The manifest of ${this.modelPath} has no golden row ${row}.`);
    }
    return request;
  }
}

/** Whether a difference of a millionth, more than float32 makes, leaves the fourth decimal as it is. */
function isSafelyRounded(probability: number): boolean {
  return Math.abs(((probability * 1e4) % 1) - 0.5) > 0.01;
}

/** Five numbers, a logistic regression. */
export const BUNDLED = new Subject('models/churn_model');
/** 19 numbers, booleans and texts, some of them missing; boosted trees. */
export const TELCO = new Subject('models/telco/telco_model');

/**
 * Asks for predictions: for every golden row, alone and in batches, if nothing else is given.
 *
 * @returns the texts of the answers
 * @throws {Error} if one is wrong
 */
export async function checkedAnswers(
  url: string,
  { answers, subject }: Pick<Contender, 'answers' | 'subject'>,
  requests: readonly PredictionRequest[] = [...subject.singles, subject.batchOf(100)],
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
