import type { ErrorObject } from 'ajv';
import type { FieldErrorCode } from '../../http/problems/problem-catalogue.js';
import type { FieldError } from '../../http/problems/problem.exception.js';
import type { DtoSchema, FieldSchema, WithRules } from './dto-schema.js';

/** Of the errors of a body, as many are listed. A batch of customers with many features can have tens of thousands. */
const MOST_LISTED = 100;

export interface FieldErrors {
  /** In the order of the fields; not all, if there are very many. */
  readonly listed: readonly FieldError[];
  readonly count: number;
}

/**
 * Every offending field of a body once, for its first failure, in the words of its decorator.
 *
 * @param errors of the gate, with the failing value and schema (Ajv's `verbose`)
 */
export function fieldErrors(errors: readonly ErrorObject[], schema: DtoSchema): FieldErrors {
  const byPointer = new Map<string, ErrorObject>();
  for (const error of errors) {
    const pointer = pointerOf(error);
    // Ajv may look at the value before the type.
    if (error.keyword === 'type' || !byPointer.has(pointer)) {
      byPointer.set(pointer, error);
    }
  }
  const listed = [...byPointer]
    .slice(0, MOST_LISTED)
    .map(([pointer, error]) => ({ error: fieldError(pointer, error), place: placeOf(pointer, schema) }))
    .sort((a, b) => comparePlaces(a.place, b.place))
    .map(({ error }) => error);
  return { listed, count: byPointer.size };
}

/** The position of a field among the fields of its object, after those of the objects and items that hold it. */
function placeOf(pointer: string, schema: DtoSchema): number[] {
  const [name = '', item, ...rest] = pointer.split('/').slice(1);
  const place = Object.keys(schema.properties).indexOf(unescapeToken(name));
  const { items } = schema.properties[unescapeToken(name)] ?? {};
  if (item === undefined || items === undefined) {
    return [place];
  }
  return [place, Number(item), ...(rest.length === 0 ? [] : placeOf(`/${rest.join('/')}`, items))];
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((position, index) => position !== b[index]);
  return differing === -1 ? a.length - b.length : (a[differing] ?? 0) - (b[differing] ?? -1);
}

function pointerOf({ keyword, instancePath, params }: ErrorObject): string {
  return keyword === 'required'
    ? `${instancePath}/${escapeToken(params['missingProperty'] as string)}`
    : instancePath;
}

function fieldError(
  pointer: string,
  { keyword, parentSchema, data, params, message = '' }: ErrorObject,
): FieldError {
  if (keyword === 'required') {
    const name = params['missingProperty'] as string;
    const { properties } = parentSchema as { properties: Record<string, FieldSchema> };
    const rule = properties[name]?.rules['type']?.message ?? 'must be there';
    return { pointer, code: 'missing', detail: `${name} is required: it ${rule}.` };
  }
  const name = unescapeToken(pointer.slice(pointer.lastIndexOf('/') + 1));
  const { rules } = (parentSchema ?? {}) as Partial<WithRules>;
  const { code, message: rule } = rules?.[keyword] ?? { code: 'invalid' as FieldErrorCode, message };
  const detail =
    code === 'not_an_object' ? `Item ${name} ${rule}.` : `${name} ${rule}, but is ${describe(data)}.`;
  return { pointer, code, detail };
}

/** As a token of a JSON pointer (RFC 6901, section 3). */
export function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
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
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, LONGEST_ECHO) : value);
  return text.length <= LONGEST_ECHO ? text : `${text.slice(0, LONGEST_ECHO)}…`;
}
