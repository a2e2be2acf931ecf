import type { Field } from './dto-fields.js';
import { isJsonObject } from './is-json-object.js';

/** Whether a value is an object whose fields pass all checks. */
export type Gate = (body: unknown) => boolean;

/**
 * Makes one function of all checks of all fields.
 *
 * It is generated code that reads each field by a literal name. A loop over the names costs a batch of 100 customers of five
 * numbers 5 % of its CPU time: V8 makes an object of each number that is read by a name in a variable.
 */
export function compileGate(fields: readonly Field[]): Gate {
  const tests = fields.map(testOf);
  const conditions = fields.map((field, index) => {
    const value = `body[${JSON.stringify(field.name)}]`;
    const condition = numberCondition(field, value) ?? `tests[${index}](${value})`;
    return field.isOptional ? `(${value} === undefined || ${value} === null || ${condition})` : condition;
  });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names are JSON strings and bounds are numbers
  const create = new Function('tests', `return (body) =>\n${conditions.join(' &&\n')};`) as (
    tests: readonly Gate[],
  ) => Gate;
  const passes = create(tests);
  return (body) => isJsonObject(body) && passes(body);
}

function numberCondition({ numberRange }: Field, value: string): string | undefined {
  if (numberRange === undefined) {
    return undefined;
  }
  const { isInteger, minimum, maximum } = numberRange;
  const type = isInteger ? 'Number.isInteger' : 'Number.isFinite';
  return `${type}(${value}) && ${value} >= ${minimum} && ${value} <= ${maximum}`;
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
