import { describe } from '../prediction/validation/field-errors.js';
import { integerRange, type Datatype, type NumberDatatype } from './datatype.js';
import { invalidRequest, quoted } from './invalid-request.js';
import type { TensorValues } from './tensor.js';

/** A tensor whose elements came as JSON, flat or nested. */
export interface JsonTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** As its shape says. */
  readonly count: number;
  readonly data: readonly unknown[];
}

/** @throws {ProblemException} if there are not as many elements as the shape says, or one is not of the datatype */
export function valuesOfJson({ name, datatype, count, data }: JsonTensor): TensorValues {
  const elements = data.some(Array.isArray) ? data.flat(Infinity) : data;
  if (elements.length !== count) {
    throw invalidRequest(
      `The input ${quoted(name)} must have ${count} elements, as its shape says, but has ${elements.length}.`,
    );
  }
  return datatype === 'BYTES' ? textsOf(name, elements) : numbersOf(name, datatype, elements);
}

function textsOf(name: string, elements: readonly unknown[]): (string | null)[] {
  const index = elements.findIndex((element) => typeof element !== 'string' && element !== null);
  if (index !== -1) {
    throw notOfDatatype(name, index, 'a text (BYTES) or null', elements[index]);
  }
  return elements as (string | null)[];
}

function numbersOf(name: string, datatype: NumberDatatype, elements: readonly unknown[]): Float64Array {
  const numbers = new Float64Array(elements.length);
  const range = integerRange(datatype);
  for (let index = 0; index < numbers.length; index++) {
    const element = elements[index];
    if (element === null) {
      numbers[index] = NaN;
    } else if (datatype === 'BOOL') {
      if (typeof element !== 'boolean') {
        throw notOfDatatype(name, index, 'true, false (BOOL) or null', element);
      }
      numbers[index] = Number(element);
    } else {
      if (typeof element !== 'number') {
        throw notOfDatatype(name, index, `a number (${datatype}) or null`, element);
      }
      if (
        range !== undefined &&
        !(Number.isInteger(element) && element >= range.minimum && element <= range.maximum)
      ) {
        throw notOfDatatype(name, index, `an integer of the datatype ${datatype}, or null`, element);
      }
      numbers[index] = element;
    }
  }
  return numbers;
}

function notOfDatatype(name: string, index: number, allowed: string, element: unknown): Error {
  return invalidRequest(
    `Element ${index} of the input ${quoted(name)} must be ${allowed}, but is ${describe(element)}.`,
  );
}
