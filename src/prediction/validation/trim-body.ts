import type { DtoSchema, FieldSchema } from './dto-schema.js';

/**
 * The fields of a JSON object that its schema declares, cut down to what is needed to say what is wrong with them,
 * so that the work does not grow with what a hostile body holds: where a number belongs, an array or object keeps its
 * kind, an array also whether it is empty, and loses its content; an array that is too long is cut one item past its maximum.
 */
export function trimToSchema(body: object, schema: DtoSchema): Record<string, unknown> {
  const values = body as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(schema.properties)
      .filter(([name]) => Object.hasOwn(values, name))
      .map(([name, field]) => [name, trimValue(values[name], field)]),
  );
}

export function isJsonObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function trimValue(value: unknown, { items, maxItems = Infinity }: FieldSchema): unknown {
  if (items !== undefined && Array.isArray(value)) {
    return value
      .slice(0, maxItems + 1)
      .map((item: unknown) => (isJsonObject(item) ? trimToSchema(item, items) : standIn(item)));
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? [] : [null];
  }
  return isJsonObject(value) ? {} : value;
}

/** class-validator would take an array in the place of an item for more items: [[{…}]] would pass as [{…}]. */
function standIn(item: unknown): unknown {
  return Array.isArray(item) ? null : item;
}
