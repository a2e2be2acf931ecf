import { parseJson } from '../../http/requests/parse-json.js';
import { describe } from '../../prediction/validation/field-errors.js';
import { isJsonObject } from '../../prediction/validation/is-json-object.js';
import { invalidRequest } from '../invalid-request.js';
import { Fields } from './fields.js';

/** Python writes it where a number is missing. */
const NAN = /[[,:\s]NaN\s*[\],}]/;

/** Parses the JSON of a request. @throws {ProblemException} if it is no JSON object */
export function parseJsonPart(bytes: Buffer): Fields {
  const value = parseJson(bytes, 'The JSON of the body', hintOf);
  if (!isJsonObject(value)) {
    throw invalidRequest(`The body must be a JSON object, but is ${describe(value)}.`);
  }
  return new Fields(value, '');
}

function hintOf(text: string): string {
  return NAN.test(text)
    ? '; NaN is not JSON: send null for a missing number, or the tensor as binary data'
    : '';
}
