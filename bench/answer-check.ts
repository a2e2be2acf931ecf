import { isDeepStrictEqual } from 'node:util';
import { askInTurn, type HttpAnswer, WrongAnswerError } from './http-connection.js';
import { batchOf, type PredictionRequest, SINGLES } from './requests.js';
import type { RunningContender } from './running-contender.js';

/** Asks for every golden row, alone and in one batch. @throws {WrongAnswerError} */
export async function checkAnswers(running: RunningContender): Promise<void> {
  await checkedAnswers(running, [...SINGLES, batchOf(SINGLES.length)]);
}

/** @returns the answer's text, which is proven right. @throws {WrongAnswerError} */
export async function checkedAnswer(running: RunningContender, request: PredictionRequest): Promise<string> {
  const [text = ''] = await checkedAnswers(running, [request]);
  return text;
}

async function checkedAnswers(
  { contender, url }: RunningContender,
  requests: readonly PredictionRequest[],
): Promise<string[]> {
  const answers = await askInTurn(url, requests);
  for (const [index, request] of requests.entries()) {
    const { status = 0, body = '' } = answers[index] ?? {};
    const isRight =
      contender.answers === 'predictions'
        ? hasPredictions(request, { status, body })
        : status === 200 && (contender.answers === 'anything' || isSameJson(body, JSON.parse(request.body)));
    if (!isRight) {
      throw new WrongAnswerError(`status ${status} to ${request.body.slice(0, 120)}: ${body.slice(0, 200)}`);
    }
  }
  return answers.map(({ body }) => body);
}

/** Whether these are the predictions that the training side computed. */
export function hasPredictions({ path, expected }: PredictionRequest, { status, body }: HttpAnswer): boolean {
  const right =
    path === '/predict' ? expected[0] : { predictions: expected, batch_size: expected.length, latency_ms: 0 };
  return status === 200 && isSameJson(body.replace(/"latency_ms":[\d.]+/, '"latency_ms":0'), right);
}

function isSameJson(text: string, expected: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), expected);
  } catch {
    return false; // It is no JSON.
  }
}

/** The part of an answer that is the same each time: everything before a batch's latency. */
export function constantPart(answer: string): string {
  const end = answer.indexOf('"latency_ms"');
  return end === -1 ? answer : answer.slice(0, end);
}
