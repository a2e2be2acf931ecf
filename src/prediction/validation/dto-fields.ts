import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { FieldErrorCode } from '../../http/problems/problem-catalogue.js';

export type DtoClass = new () => object;

type Test = (value: unknown) => boolean;

/** One decorator of a field. */
export interface Check {
  readonly code: FieldErrorCode;
  /** The decorator's message, such as `must be an integer`. */
  readonly message: string;
  readonly passes: Test;
}

/** What a field of a common type takes, so that the gate can compare values without a call. */
type AcceptedValues =
  | { readonly type: 'boolean' }
  | { readonly type: 'category'; readonly categories: readonly string[] }
  | { readonly type: 'integer' | 'number'; readonly minimum: number; readonly maximum: number };

/** A field of a DTO. */
export interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  /** That of the type comes first, and the others may rely on it. */
  readonly checks: readonly Check[];
  /** What the checks say together, unless they are of another kind. */
  readonly accepted: AcceptedValues | undefined;
  /** Of an array of objects. */
  readonly items?: { readonly fields: readonly Field[]; readonly message: string };
}

/** What `@ValidateNested` is given as its context, since class-validator does not keep the class. */
export interface NestedContext {
  readonly itemType: DtoClass;
}

interface Constraint {
  readonly code: FieldErrorCode;
  /** @param argument of the decorator */
  readonly test: (argument: never) => Test;
}

/** By class-validator's name of a constraint: types first, then what is checked of a value of the type. */
const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  isInt: { code: 'not_an_integer', test: () => Number.isInteger },
  isNumber: { code: 'not_a_number', test: () => Number.isFinite },
  isBoolean: { code: 'not_a_boolean', test: () => (value) => typeof value === 'boolean' },
  isString: { code: 'not_a_text', test: () => (value) => typeof value === 'string' },
  isArray: { code: 'not_an_array', test: () => Array.isArray },
  min: { code: 'too_small', test: (minimum: number) => (value) => (value as number) >= minimum },
  max: { code: 'too_large', test: (maximum: number) => (value) => (value as number) <= maximum },
  isIn: {
    code: 'unknown_category',
    test: (values: readonly unknown[]) => {
      const set = new Set(values);
      return (value) => set.has(value);
    },
  },
  isShortText: { code: 'too_long', test: (isShort: Test) => isShort },
  matches: { code: 'invalid', test: (pattern: RegExp) => (value) => pattern.test(value as string) },
  notEquals: { code: 'invalid', test: (other: unknown) => (value) => value !== other },
  arrayMinSize: { code: 'too_few_items', test: (least: number) => (value) => lengthOf(value) >= least },
  arrayMaxSize: { code: 'too_many_items', test: (most: number) => (value) => lengthOf(value) <= most },
};
const ORDER = Object.keys(CONSTRAINTS);

function lengthOf(value: unknown): number {
  return (value as readonly unknown[]).length;
}

/**
 * Says as checks what class-validator's decorators say of a DTO, with their messages. Fields that the DTO does not declare are
 * ignored, and a field is required unless it is optional.
 *
 * @throws {Error} at a constraint that it does not know, so that none is left out silently, and at a class without any
 */
export function dtoFields(dto: DtoClass): readonly Field[] {
  const byName = Map.groupBy(
    getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false),
    ({ propertyName }) => propertyName,
  );
  if (byName.size === 0) {
    throw new Error(`${dto.name} has no field with a constraint, so anything would pass as one.`);
  }
  return Array.from(byName, ([name, metadata]) => {
    const nested = metadata.find(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
    const constraints = metadata
      .filter((each) => each !== nested)
      .map(({ type, name: constraint = type, constraints: parameters, message }) => ({
        constraint,
        argument: (parameters as unknown[] | undefined)?.[0],
        message: String(message),
      }))
      .sort((a, b) => ORDER.indexOf(a.constraint) - ORDER.indexOf(b.constraint));
    const stated = constraints.filter(({ constraint }) => constraint !== 'isOptional');
    const checks = stated.map(({ constraint, argument, message }) => {
      const known = CONSTRAINTS[constraint];
      if (known === undefined) {
        throw new Error(`${dto.name}.${name} has the constraint ${constraint}, which the gate cannot check.`);
      }
      return { code: known.code, message, passes: known.test(argument as never) };
    });
    const itemType = (nested?.context as NestedContext | undefined)?.itemType;
    return {
      name,
      isOptional: stated.length < constraints.length,
      checks,
      accepted: acceptedValues(stated),
      ...(itemType !== undefined && {
        items: { fields: dtoFields(itemType), message: String(nested?.message) },
      }),
    };
  });
}

function acceptedValues(
  constraints: readonly { constraint: string; argument: unknown }[],
): AcceptedValues | undefined {
  const argumentOf = new Map(constraints.map(({ constraint, argument }) => [constraint, argument]));
  if (argumentOf.has('isBoolean')) {
    return { type: 'boolean' };
  }
  if (argumentOf.has('isIn')) {
    return { type: 'category', categories: argumentOf.get('isIn') as readonly string[] };
  }
  if (argumentOf.has('isInt') || argumentOf.has('isNumber')) {
    const minimum = (argumentOf.get('min') ?? -Infinity) as number;
    const maximum = (argumentOf.get('max') ?? Infinity) as number;
    return { type: argumentOf.has('isInt') ? 'integer' : 'number', minimum, maximum };
  }
  return undefined;
}
