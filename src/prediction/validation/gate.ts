import type { Field } from './dto-fields.js';
import { isJsonObject } from './is-json-object.js';

/** Whether a value is an object whose fields pass all checks. */
export type Gate = (body: unknown) => boolean;

/** Of more, a Set finds one faster, though it has to hash the text first. */
const MAX_COMPARED_CATEGORIES = 8;

/**
 * Makes one function of all checks of all fields.
 *
 * It is generated code that reads each field by a literal name. A loop over the names costs a batch of 100 customers of five
 * numbers 5 % of its CPU time: V8 makes an object of each number that is read by a name in a variable.
 * Comparing categories in it, not in a Set each, saves a batch of 100 customers of 19 mixed features another 8 %.
 */
export function compileGate(fields: readonly Field[]): Gate {
  const tests = fields.map(testOf);
  const conditions = fields.map((field, index) => {
    const value = `body[${JSON.stringify(field.name)}]`;
    const condition = comparison(field, value) ?? `tests[${index}](${value})`;
    return field.isOptional ? `(${value} === undefined || ${value} === null || ${condition})` : condition;
  });
  // oxlint-disable-next-line typescript/no-implied-eval -- names and categories are JSON strings, bounds are numbers
  const create = new Function('tests', `return (body) =>\n${conditions.join(' &&\n')};`) as (
    tests: readonly Gate[],
  ) => Gate;
  const passes = create(tests);
  return (body) => isJsonObject(body) && passes(body);
}

/** The checks of a field as an expression, if it has a type for which one is short. */
function comparison({ accepted }: Field, value: string): string | undefined {
  switch (accepted?.type) {
    case 'boolean':
      return `typeof ${value} === 'boolean'`;
    case 'category':
      return accepted.categories.length <= MAX_COMPARED_CATEGORIES
        ? `(${accepted.categories.map((category) => `${value} === ${JSON.stringify(category)}`).join(' || ')})`
        : undefined;
    case 'integer':
    case 'number': {
      const isOfType = accepted.type === 'integer' ? 'Number.isInteger' : 'Number.isFinite';
      return `${isOfType}(${value}) && ${value} >= ${accepted.minimum} && ${value} <= ${accepted.maximum}`;
    }
    case undefined:
      return undefined;
  }
}

/** All checks of a field, and of its items. */
function testOf({ checks, items }: Field): Gate {
  const passesChecks: Gate = (value) => checks.every(({ passes }) => passes(value));
  if (items === undefined) {
    return passesChecks;
  }
  const isItem = compileGate(items.fields);
  return (value) => passesChecks(value) && (value as readonly unknown[]).every(isItem);
}
