import { isUtf8 } from 'node:buffer';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { DEEPEST_JSON, tooDeepDetail } from '../../http/requests/json-body.middleware.js';
import { isDeeperThan } from '../../http/requests/json-depth.js';
import { describe } from '../../prediction/validation/field-errors.js';
import { isJsonObject } from '../../prediction/validation/is-json-object.js';
import { invalidRequest } from '../invalid-request.js';
import { Fields } from './fields.js';

/** Python writes it where a number is missing. */
const NAN = /[[,:\s]NaN\s*[\],}]/;

/** Parses the JSON of a request. @throws {ProblemException} if it is no JSON object */
export function parseJsonPart(bytes: Buffer): Fields {
  if (!isUtf8(bytes)) {
    throw new ProblemException('invalid_json', 'The JSON of the body is not valid UTF-8.');
  }
  const value = parse(bytes.toString());
  if (isDeeperThan(value, DEEPEST_JSON)) {
    throw new ProblemException('json_too_deep', tooDeepDetail());
  }
  if (!isJsonObject(value)) {
    throw invalidRequest(`The body must be a JSON object, but is ${describe(value)}.`);
  }
  return new Fields(value, '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint = NAN.test(text)
      ? '; NaN is not JSON: send null for a missing number, or the tensor as binary data'
      : '';
    throw new ProblemException('invalid_json', `${(error as Error).message}${hint}`, { cause: error });
  }
}
