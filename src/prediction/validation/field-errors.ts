import type { FieldError } from '../../http/problems/problem.exception.js';
import type { Check, Field } from './dto-fields.js';
import { isJsonObject } from './is-json-object.js';

/** Of the errors of a body, as many are listed. A batch of customers with many features can have tens of thousands. */
const MOST_LISTED = 100;

export interface FieldErrors {
  /** In the order of the fields; not all, if there are very many. */
  readonly listed: readonly FieldError[];
  readonly count: number;
}

/** Every offending field of an object once, for its first failure, in the words of its decorator. */
export function fieldErrors(fields: readonly Field[], body: Readonly<Record<string, unknown>>): FieldErrors {
  const errors = new ErrorList();
  addErrors(errors, fields, body, '');
  return errors;
}

/** Words the first errors, and counts the others. */
class ErrorList implements FieldErrors {
  readonly listed: FieldError[] = [];
  count = 0;

  add(word: () => FieldError): void {
    this.count++;
    if (this.listed.length < MOST_LISTED) {
      this.listed.push(word());
    }
  }
}

function addErrors(
  errors: ErrorList,
  fields: readonly Field[],
  body: Readonly<Record<string, unknown>>,
  parent: string,
): void {
  for (const { name, isOptional, checks, items } of fields) {
    const value = body[name];
    if (isOptional && (value === null || value === undefined)) {
      continue;
    }
    const failed = checks.find(({ passes }) => !passes(value));
    if (failed !== undefined) {
      errors.add(() => fieldError(`${parent}/${escapeToken(name)}`, name, failed, value));
      continue;
    }
    for (const [index, item] of ((items === undefined ? [] : value) as readonly unknown[]).entries()) {
      const pointer = `${parent}/${escapeToken(name)}/${index}`;
      if (isJsonObject(item)) {
        addErrors(errors, items?.fields ?? [], item, pointer);
      } else {
        const detail = `Item ${index} ${items?.message ?? ''}.`;
        errors.add(() => ({ pointer, code: 'not_an_object', detail }));
      }
    }
  }
}

function fieldError(pointer: string, name: string, { code, message }: Check, value: unknown): FieldError {
  return value === undefined
    ? { pointer, code: 'missing', detail: `${name} is required: it ${message}.` }
    : { pointer, code, detail: `${name} ${message}, but is ${describe(value)}.` };
}

/** As a token of a JSON pointer (RFC 6901, section 3). */
function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

const LONGEST_ECHO = 40;

/** A value in a form that the caller recognises and that is never large. */
export function describe(value: unknown): string {
  if (value === undefined) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return value.length === 0
      ? 'an empty array'
      : `an array of ${value.length} ${value.length === 1 ? 'item' : 'items'}`;
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return 'beyond the range of a double';
  }
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, LONGEST_ECHO) : value);
  return text.length <= LONGEST_ECHO ? text : `${text.slice(0, LONGEST_ECHO).toWellFormed()}…`;
}
