import type { PipeTransform } from '@nestjs/common';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { currentRequest } from '../../http/requests/request-context.js';
import { type DtoClass, dtoFields, type Field } from './dto-fields.js';
import { describe, type FieldErrors, fieldErrors } from './field-errors.js';
import { compileGate, type Gate } from './gate.js';
import { isJsonObject } from './is-json-object.js';

/** Injects the one that checks a customer, and words what is wrong with it. */
export const CUSTOMER_PIPE = Symbol('CUSTOMER_PIPE');

const NO_ERRORS: FieldErrors = { listed: [], count: 0 };

/**
 * Lets a JSON body through that is valid, as it is, or refuses it with its offending fields. Nothing is coerced.
 *
 * The decorators of the DTO are read once, into the gate that every body has to pass. For a batch of 100 customers of five
 * numbers class-validator takes about 600 us, the gate 5. The decorators' messages word what the gate refuses.
 */
export class ValidationPipe implements PipeTransform {
  private readonly fields: readonly Field[];
  private readonly isValid: Gate;

  constructor(dto: DtoClass) {
    this.fields = dtoFields(dto);
    this.isValid = compileGate(this.fields);
  }

  /** @returns the body itself; fields that the DTO does not declare are still in it */
  transform(body: unknown): unknown {
    const startedAtMs = performance.now();
    try {
      const errors = this.errorsOf(body);
      if (errors.count > 0) {
        throw validationProblem(errors);
      }
      return body;
    } finally {
      currentRequest()?.trace?.record('validation', startedAtMs, performance.now());
    }
  }

  errorsOf(body: unknown): FieldErrors {
    if (this.isValid(body)) {
      return NO_ERRORS;
    }
    if (!isJsonObject(body)) {
      const detail = `The body must be a JSON object, but is ${describe(body)}.`;
      return { listed: [{ pointer: '', code: 'not_an_object', detail }], count: 1 };
    }
    return fieldErrors(this.fields, body);
  }
}

function validationProblem({ listed, count }: FieldErrors): ProblemException {
  const values = count === 1 ? '1 value is' : `${count} values are`;
  return listed.length === count
    ? new ProblemException('validation_failed', `${values} missing or invalid.`, { errors: listed })
    : new ProblemException(
        'validation_failed',
        `${values} missing or invalid; the first ${listed.length} are listed.`,
        { errors: listed, errorCount: count },
      );
}
