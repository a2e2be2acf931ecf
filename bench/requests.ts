import { isDeepStrictEqual } from 'node:util';
import type { Contender } from './contenders.js';
import { askInTurn } from './http-connection.js';
import { BUNDLED, type PredictionRequest } from './subject.js';

export const SINGLES = BUNDLED.singles;
export const SINGLE = BUNDLED.single;

/** A batch of the bundled model's customers. */
export function batchOf(rowCount: number): PredictionRequest {
  return BUNDLED.batchOf(rowCount);
}

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
