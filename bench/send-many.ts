import { constantPart } from './answer-check.js';
import { HttpConnection, requestBytes } from './http-connection.js';
import type { PredictionRequest } from './requests.js';
import { WrongAnswerError } from './wrong-answer.error.js';

const CONNECTIONS = 8;

/** Sends exactly so many requests, as fast as they are answered. @throws {WrongAnswerError} */
export async function sendMany(
  url: string,
  { path, body }: PredictionRequest,
  expected: string,
  requestCount: number,
): Promise<void> {
  const bytes = requestBytes(url, { method: 'POST', path, body });
  let leftCount = requestCount;
  const sendUntilNoneIsLeft = async (): Promise<void> => {
    const connection = await HttpConnection.open(url);
    while (leftCount-- > 0) {
      const answer = await connection.ask(bytes);
      if (answer.status !== 200 || constantPart(answer.body) !== constantPart(expected)) {
        throw new WrongAnswerError(`status ${answer.status}: ${answer.body.slice(0, 200)}`);
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sendUntilNoneIsLeft));
}
