import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { FieldErrorCode } from '../../http/problems/problem-catalogue.js';

export type DtoClass = new () => object;

/** JSON schema of a DTO's fields. */
export interface DtoSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, FieldSchema>>;
}

type JsonType = 'integer' | 'number' | 'boolean' | 'string' | 'array' | 'null';

/** The keywords that a decorator stands for. */
interface Keywords {
  readonly type?: JsonType;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: DtoSchema & WithRules;
}

/** How a value that breaks a keyword is refused. */
export interface Rule {
  readonly code: FieldErrorCode;
  /** The decorator's message, such as `must be an integer`. */
  readonly message: string;
}

export interface WithRules {
  /** By keyword. */
  readonly rules: Readonly<Record<string, Rule>>;
}

export type FieldSchema = Omit<Keywords, 'type'> & {
  readonly type?: JsonType | readonly JsonType[];
} & WithRules;

/** What `@ValidateNested` is given as its context, since class-validator does not keep the class. */
export interface NestedContext {
  readonly itemType: DtoClass;
}

interface Constraint {
  readonly code: FieldErrorCode;
  readonly keywords: (argument: never) => Keywords;
}

function constraint(code: FieldErrorCode, keywords: Constraint['keywords']): Constraint {
  return { code, keywords };
}

/** By class-validator's name of a constraint; its argument is that of the decorator. */
const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  isInt: constraint('not_an_integer', () => ({ type: 'integer' })),
  isNumber: constraint('not_a_number', () => ({ type: 'number' })),
  isBoolean: constraint('not_a_boolean', () => ({ type: 'boolean' })),
  isString: constraint('not_a_text', () => ({ type: 'string' })),
  isArray: constraint('not_an_array', () => ({ type: 'array' })),
  min: constraint('too_small', (minimum: number) => ({ minimum })),
  max: constraint('too_large', (maximum: number) => ({ maximum })),
  isIn: constraint('unknown_category', (values: readonly unknown[]) => ({ enum: values })),
  maxCodePoints: constraint('too_long', (maxLength: number) => ({ maxLength })),
  matches: constraint('invalid', ({ source }: RegExp) => ({ pattern: source })),
  arrayMinSize: constraint('too_few_items', (minItems: number) => ({ minItems })),
  arrayMaxSize: constraint('too_many_items', (maxItems: number) => ({ maxItems })),
};

/**
 * Says as a JSON schema what class-validator's decorators say of a DTO, with their messages. Fields that the DTO does not
 * declare are ignored, and a field is required unless it is optional.
 *
 * @throws {Error} at a constraint that it cannot say, so that none is left out silently, and at a class without any
 */
export function dtoSchema(dto: DtoClass): DtoSchema {
  const fields = new Map<string, FieldSchema>();
  const optional = new Set<string>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    const { propertyName, type, name = type, constraints, message } = metadata;
    const field = fields.get(propertyName) ?? { rules: {} };
    const known = CONSTRAINTS[name];
    if (type === ValidationTypes.NESTED_VALIDATION) {
      const { itemType } = metadata.context as NestedContext;
      const rules = { type: { code: 'not_an_object', message: String(message) } } as const;
      fields.set(propertyName, { ...field, items: { ...dtoSchema(itemType), rules } });
    } else if (name === 'isOptional') {
      optional.add(propertyName);
    } else if (known !== undefined) {
      const keywords = known.keywords((constraints as never[] | undefined)?.[0] as never);
      const rule = { code: known.code, message: String(message) };
      const rules = Object.fromEntries(Object.keys(keywords).map((keyword) => [keyword, rule]));
      fields.set(propertyName, { ...field, ...keywords, rules: { ...field.rules, ...rules } });
    } else {
      throw new Error(`${dto.name}.${propertyName} has the constraint ${name}, which the gate cannot check.`);
    }
  }
  if (fields.size === 0) {
    throw new Error(`${dto.name} has no field with a constraint, so anything would pass as one.`);
  }
  return {
    type: 'object',
    required: [...fields.keys()].filter((name) => !optional.has(name)),
    properties: Object.fromEntries(
      Array.from(fields, ([name, field]) => [name, optional.has(name) ? orNull(field) : field]),
    ),
  };
}

function orNull(field: FieldSchema): FieldSchema {
  const { type = [], enum: values } = field;
  return {
    ...field,
    type: [type, 'null'].flat() as JsonType[],
    ...(values !== undefined && { enum: [...values, null] }),
  };
}
