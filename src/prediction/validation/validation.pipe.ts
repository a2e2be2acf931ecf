import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { Ajv, type ValidateFunction } from 'ajv';
import { type FieldError, ProblemException } from '../../http/problems/problem.exception.js';
import { currentRequest } from '../../http/requests/request-context.js';
import { isJsonObject } from './trim-body.js';
import { type DtoClass, type DtoSchema, dtoSchema } from './dto-schema.js';
import { describe, fieldErrors, gateError } from './field-errors.js';

interface Gate {
  readonly schema: DtoSchema;
  readonly accepts: ValidateFunction;
}

/**
 * Lets a JSON body through that is valid, as it is, or refuses it with every offending field. Nothing is coerced.
 *
 * The decorators of a DTO are compiled once, into the gate that every body has to pass: class-validator takes about
 * 600 us for a batch of 100, the gate 5. What the gate rejects, class-validator puts into words.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  private readonly gates: ReadonlyMap<unknown, Gate>;

  /** @param dtos classes of all bodies that the application takes */
  constructor(dtos: readonly DtoClass[]) {
    const ajv = new Ajv({ ownProperties: true });
    this.gates = new Map(
      dtos.map((dto) => {
        const schema = dtoSchema(dto);
        return [dto, { schema, accepts: ajv.compile(schema) }];
      }),
    );
  }

  /** @returns the body itself; fields that the DTO does not declare are still in it */
  transform(body: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || metatype === undefined) {
      return body;
    }
    const gate = this.gates.get(metatype);
    if (gate === undefined) {
      throw new Error(
        `${metatype.name} is not among the DTOs that were found at the start, so nothing may pass as one.`,
      );
    }
    const startedAtMs = performance.now();
    try {
      if (gate.accepts(body)) {
        return body;
      }
      throw validationProblem(invalidFields(metatype as DtoClass, gate, body));
    } finally {
      currentRequest()?.trace?.record('validation', startedAtMs, performance.now());
    }
  }
}

function invalidFields(dto: DtoClass, { schema, accepts }: Gate, body: unknown): FieldError[] {
  if (!isJsonObject(body)) {
    const detail = `The body must be a JSON object, but is ${describe(body)}.`;
    return [{ pointer: '', code: 'not_an_object', detail }];
  }
  const errors = fieldErrors(dto, schema, body);
  return errors.length > 0 ? errors : (accepts.errors ?? []).map(gateError);
}

function validationProblem(errors: FieldError[]): ProblemException {
  const count = errors.length === 1 ? '1 value is' : `${errors.length} values are`;
  return new ProblemException('validation_failed', `${count} missing or invalid.`, { errors });
}
