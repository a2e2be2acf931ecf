import { isDeepStrictEqual } from 'node:util';
import type { Contender, RunningContender } from './contender.js';
import { batchOf, GOLDEN_SINGLES, type PredictionRequest } from './requests.js';

/** A contender answered otherwise than it must. */
export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError';
}

/** Asks for every golden row, alone and in one batch. @throws {WrongAnswerError} */
export async function checkAnswers(running: RunningContender): Promise<void> {
  for (const request of [...GOLDEN_SINGLES, batchOf(GOLDEN_SINGLES.length)]) {
    await checkedAnswer(running, request);
  }
}

/** @returns the answer's text, which is proven right. @throws {WrongAnswerError} */
export async function checkedAnswer(
  { contender, url }: RunningContender,
  request: PredictionRequest,
): Promise<string> {
  const response = await fetch(url + request.path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: request.body,
  });
  const text = await response.text();
  if (response.status !== 200 || !isRight(contender, request, parse(text))) {
    throw new WrongAnswerError(
      `status ${response.status} to ${request.body.slice(0, 120)}: ${text.slice(0, 200)}`,
    );
  }
  return text;
}

function isRight(
  { answers }: Contender,
  { path, body, expected }: PredictionRequest,
  answer: unknown,
): boolean {
  if (answers === 'echo') {
    return isDeepStrictEqual(answer, JSON.parse(body));
  }
  if (answers === 'predictions of an unverified model') {
    return answer !== undefined;
  }
  if (path === '/predict') {
    return isDeepStrictEqual(answer, expected[0]);
  }
  const { latency_ms, ...rest } = (answer ?? {}) as { latency_ms?: unknown };
  return (
    typeof latency_ms === 'number' &&
    isDeepStrictEqual(rest, { predictions: expected, batch_size: expected.length })
  );
}

/** Undefined, which is right for nobody, if it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The part of an answer that is the same each time: everything before a batch's latency. */
export function constantPart(answer: string): string {
  const end = answer.indexOf('"latency_ms"');
  return end === -1 ? answer : answer.slice(0, end);
}
