import type { ErrorObject } from 'ajv';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldErrorCode } from '../../http/problems/problem-catalogue.js';
import type { FieldError } from '../../http/problems/problem.exception.js';
import { trimToSchema } from './trim-body.js';
import type { DtoClass, DtoSchema } from './dto-schema.js';

/** Codes for the caller, by class-validator's name of the failed constraint. */
const CODE_OF_CONSTRAINT: Readonly<Record<string, FieldErrorCode>> = {
  isInt: 'not_an_integer',
  isNumber: 'not_a_number',
  isArray: 'not_an_array',
  nestedValidation: 'not_an_object',
  min: 'too_small',
  max: 'too_large',
  arrayMinSize: 'too_few_items',
  arrayMaxSize: 'too_many_items',
};

/** Every offending field of an object, in class-validator's words: one entry each, for its first failure. */
export function fieldErrors(dto: DtoClass, schema: DtoSchema, body: object): FieldError[] {
  const instance = plainToInstance(dto, trimToSchema(body, schema));
  // Stopping at a field's first failure keeps a batch of too many rows from being walked through.
  return validateSync(instance, { stopAtFirstError: true }).flatMap((error) => toFieldErrors(error, ''));
}

/** For a body that the gate rejects and class-validator accepts. No such body is known. */
export function gateError({ instancePath, message = 'is invalid' }: ErrorObject): FieldError {
  return { pointer: instancePath, code: 'invalid', detail: `${instancePath || 'The body'} ${message}.` };
}

function toFieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${error.property}`;
  const [failure] = Object.entries(error.constraints ?? {});
  if (failure === undefined) {
    return (error.children ?? []).flatMap((child) => toFieldErrors(child, pointer));
  }
  const [constraint, rule] = failure;
  if (error.value === undefined) {
    return [{ pointer, code: 'missing', detail: `${error.property} is required: it ${rule}.` }];
  }
  const code = CODE_OF_CONSTRAINT[constraint] ?? 'invalid';
  const detail =
    code === 'not_an_object'
      ? `Item ${error.property} ${rule}.`
      : `${error.property} ${rule}, but is ${describe(error.value)}.`;
  return [{ pointer, code, detail }];
}

const LONGEST_ECHO = 40;

/** A value in a form that the caller recognises and that is never large. */
export function describe(value: unknown): string {
  if (value === undefined) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? 'an empty array' : 'an array';
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return 'beyond the range of a double';
  }
  const text = JSON.stringify(value);
  return text.length <= LONGEST_ECHO ? text : `${text.slice(0, LONGEST_ECHO)}…`;
}
