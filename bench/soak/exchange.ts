import { isDeepStrictEqual } from 'node:util';
import { checkedAnswer } from '../answer-check.js';
import type { RunningContender } from '../contender.js';
import { type HttpAnswer, HttpConnection, type HttpRequest, requestBytes } from '../http-connection.js';
import type { PredictionRequest } from '../requests.js';
import { WrongAnswerError } from '../wrong-answer.error.js';

/** A request, and the answer that it must get each time. */
export interface Exchange {
  readonly name: string;
  readonly request: Buffer;
  readonly status: number;
  /** Without what differs from answer to answer. */
  readonly text: string;
}

/** A request whose answer is recognised by some members of its JSON. */
export interface Probe extends HttpRequest {
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
}

/** What differs from answer to answer, in the form that it must have. */
const VARYING =
  /"(?:request_id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"|(?:latency_ms|uptime_seconds)":\d+(?:\.\d+)?(?=[,}]))/g;

/** @throws {WrongAnswerError} if the service does not predict what the training side computed */
export async function predictionExchange(
  running: RunningContender,
  prediction: PredictionRequest,
): Promise<Exchange> {
  const { path, body, expected } = prediction;
  return {
    name: `${path} of ${expected.length}`,
    request: requestBytes(running.url, { method: 'POST', path, body }),
    status: 200,
    text: constantText(await checkedAnswer(running, prediction)),
  };
}

/** @throws {WrongAnswerError} if the answer's status is another one, or its JSON lacks one of the members */
export async function probeExchange({ url }: RunningContender, probe: Probe): Promise<Exchange> {
  const request = requestBytes(url, probe);
  const connection = await HttpConnection.open(url);
  const answer = await connection.ask(request);
  connection.close();
  const name = `${probe.method} ${probe.path} ${(probe.body ?? '').slice(0, 60)}`;
  const json = JSON.parse(answer.body) as Record<string, unknown>;
  const missing = Object.entries(probe.members).filter(
    ([key, value]) => !isDeepStrictEqual(json[key], value),
  );
  if (answer.status !== probe.status || missing.length > 0) {
    throw wrong(name, answer, `${probe.status} ${JSON.stringify(probe.members)}`);
  }
  return { name, request, status: probe.status, text: constantText(answer.body) };
}

/** @throws {WrongAnswerError} if it is not the answer that the request got before */
export function expectSame({ name, status, text }: Exchange, answer: HttpAnswer): void {
  if (answer.status !== status || constantText(answer.body) !== text) {
    throw wrong(name, answer, `${status} ${text}`);
  }
}

function constantText(body: string): string {
  return body.replace(VARYING, '"…"');
}

function wrong(name: string, { status, body }: HttpAnswer, expected: string): WrongAnswerError {
  const short = (text: string): string => text.slice(0, 500);
  return new WrongAnswerError(
    `Wrong answer to ${name}\n  expected: ${short(expected)}\n  was: ${status} ${short(body)}`,
  );
}
