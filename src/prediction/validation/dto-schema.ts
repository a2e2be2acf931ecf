import { getMetadataStorage, ValidationTypes } from 'class-validator';

export type DtoClass = new () => object;

/** JSON schema of a DTO's fields. */
export interface DtoSchema {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, FieldSchema>>;
}

export interface FieldSchema {
  readonly type?: 'integer' | 'number' | 'array';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: DtoSchema;
}

/** What `@ValidateNested` is given as its context, since class-validator does not keep the class. */
export interface NestedContext {
  readonly itemType: DtoClass;
}

/** By class-validator's name of a constraint, with the arguments of its decorator. */
const SCHEMA_OF_CONSTRAINT: Readonly<Record<string, (argument: number) => FieldSchema>> = {
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  min: (minimum) => ({ minimum }),
  max: (maximum) => ({ maximum }),
  isArray: () => ({ type: 'array' }),
  arrayMinSize: (minItems) => ({ minItems }),
  arrayMaxSize: (maxItems) => ({ maxItems }),
};

/**
 * Says as a JSON schema what class-validator's decorators say of a DTO: every field is required, others are ignored.
 *
 * @throws {Error} at a constraint that it cannot say, so that none is left out silently, and at a class without any
 */
export function dtoSchema(dto: DtoClass): DtoSchema {
  const properties: Record<string, FieldSchema> = {};
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false)) {
    const { propertyName, type, name = type, constraints } = metadata;
    const toSchema = SCHEMA_OF_CONSTRAINT[name];
    let schema: FieldSchema;
    if (type === ValidationTypes.NESTED_VALIDATION) {
      const { itemType } = metadata.context as NestedContext;
      schema = { items: dtoSchema(itemType) };
    } else if (toSchema !== undefined) {
      schema = toSchema((constraints as number[] | undefined)?.[0] ?? NaN);
    } else {
      throw new Error(`${dto.name}.${propertyName} has the constraint ${name}, which the gate cannot check.`);
    }
    properties[propertyName] = { ...properties[propertyName], ...schema };
  }
  if (Object.keys(properties).length === 0) {
    throw new Error(`${dto.name} has no field with a constraint, so anything would pass as one.`);
  }
  return { type: 'object', required: Object.keys(properties), properties };
}
