import { isUtf8 } from 'node:buffer';
import { ProblemException } from '../problems/problem.exception.js';
import { isDeeperThan } from './json-depth.js';

/** Deeper JSON is refused: no client needs it, and recursive code would overflow the stack. */
export const DEEPEST_JSON = 32;

/**
 * @param what is parsed, for who sent it
 * @param hint what else to say of a text that is no JSON
 * @throws {ProblemException} if the bytes are no JSON, or if it is too deep
 */
export function parseJson(bytes: Buffer, what: string, hint: (text: string) => string = () => ''): unknown {
  // A decoder would replace the bytes that it cannot read.
  if (!isUtf8(bytes)) {
    throw new ProblemException('invalid_json', `${what} is not valid UTF-8.`);
  }
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemException('invalid_json', `${(error as SyntaxError).message}${hint(text)}`, {
      cause: error,
    });
  }
  if (isDeeperThan(value, DEEPEST_JSON)) {
    throw new ProblemException('json_too_deep', tooDeepDetail());
  }
  return value;
}

export function tooDeepDetail(): string {
  return `Arrays and objects may be nested ${DEEPEST_JSON} levels deep at most.`;
}
