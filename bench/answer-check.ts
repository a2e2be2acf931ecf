import { isDeepStrictEqual } from 'node:util';
import type { Contender, RunningContender } from './contender.js';
import { HttpConnection, requestBytes } from './http-connection.js';
import { batchOf, GOLDEN_SINGLES, type PredictionRequest } from './requests.js';
import { WrongAnswerError } from './wrong-answer.error.js';

/** Asks for every golden row, alone and in one batch. @throws {WrongAnswerError} */
export async function checkAnswers(running: RunningContender): Promise<void> {
  await checkedAnswers(running, [...GOLDEN_SINGLES, batchOf(GOLDEN_SINGLES.length)]);
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
  const connection = await HttpConnection.open(url);
  const texts: string[] = [];
  for (const request of requests) {
    const { path, body } = request;
    const answer = await connection.ask(requestBytes(url, { method: 'POST', path, body }));
    if (answer.status !== 200 || !isRight(contender, request, parse(answer.body))) {
      throw new WrongAnswerError(
        `status ${answer.status} to ${body.slice(0, 120)}: ${answer.body.slice(0, 200)}`,
      );
    }
    texts.push(answer.body);
  }
  connection.close();
  return texts;
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
