import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { type FieldError, ProblemException } from './problem/problem.exception.js';

/**
 * Turns a JSON body into its DTO, or refuses it with every offending field.
 *
 * Nothing is coerced. Fields that the DTO does not expose are left out before anything looks at them.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(body: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || metatype === undefined) {
      return body;
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw refusal([
        {
          pointer: '',
          code: 'not_an_object',
          detail: `The body must be a JSON object, but is ${describe(body)}.`,
        },
      ]);
    }
    const dto = plainToInstance(metatype as new () => object, body, { excludeExtraneousValues: true });
    // A field is validated up to its first failure, so that a batch of too many rows is not walked through.
    const errors = validateSync(dto, { stopAtFirstError: true });
    if (errors.length > 0) {
      throw refusal(errors.flatMap((error) => fieldErrors(error, '')));
    }
    return dto;
  }
}

/** Codes for the caller, by class-validator's name of the failed constraint. */
export const CODE_OF_CONSTRAINT: Readonly<Record<string, string>> = {
  isInt: 'not_an_integer',
  isNumber: 'not_a_number',
  isArray: 'not_an_array',
  nestedValidation: 'not_an_object',
  min: 'too_small',
  max: 'too_large',
  arrayMinSize: 'too_few_items',
  arrayMaxSize: 'too_many_items',
};

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${error.property}`;
  const [failure] = Object.entries(error.constraints ?? {});
  if (failure === undefined) {
    return (error.children ?? []).flatMap((child) => fieldErrors(child, pointer));
  }
  const [constraint, rule] = failure;
  return [
    error.value === undefined
      ? { pointer, code: 'missing', detail: `${error.property} is required: it ${rule}.` }
      : {
          pointer,
          code: CODE_OF_CONSTRAINT[constraint] ?? constraint,
          detail: `${error.property} ${rule}, but is ${describe(error.value)}.`,
        },
  ];
}

function refusal(errors: FieldError[]): ProblemException {
  const count = errors.length === 1 ? '1 value is' : `${errors.length} values are`;
  return new ProblemException('validation_failed', `${count} missing or invalid.`, { errors });
}

const LONGEST_ECHO = 40;

/** A value as the caller may recognise it, without sending a large one back. */
function describe(value: unknown): string {
  if (value === undefined) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return `an array of ${value.length}`;
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
