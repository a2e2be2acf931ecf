import { valuesOfBytes } from '../binary-values.js';
import { DATATYPES, isDatatype } from '../datatype.js';
import { invalidRequest, quoted } from '../invalid-request.js';
import { elementCount, type InputTensor } from '../tensor.js';
import type { InferMessage, InputMessage } from './infer-message.js';
import { valuesOfContents } from './typed-contents.js';
import { WireError } from './wire-reader.js';

const NO_BYTES = Buffer.alloc(0);

/**
 * The tensors of a request, whose elements are all raw or all typed.
 *
 * @throws {ProblemException} that says which tensor is wrong
 */
export function inputTensors({ inputs, rawContents }: InferMessage): InputTensor[] {
  if (rawContents.length > 0 && rawContents.length !== inputs.length) {
    throw invalidRequest(
      `raw_input_contents has ${rawContents.length} entries, but inputs has ${inputs.length}. It must have one for each.`,
    );
  }
  return inputs.map((input, index) => inputTensor(input, index, rawContents[index]));
}

function inputTensor(input: InputMessage, index: number, bytes: Buffer | undefined): InputTensor {
  const { name, datatype, shape, contents = NO_BYTES } = input;
  if (!isDatatype(datatype)) {
    throw invalidRequest(
      `inputs[${index}].datatype must be one of ${DATATYPES.join(', ')}, but is ${quoted(datatype)}.`,
    );
  }
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw invalidRequest(
      `inputs[${index}].shape must have integers from 0 on, but has [${shape.join(', ')}].`,
    );
  }
  const tensor = { name, datatype, count: elementCount(shape) };
  if (bytes === undefined) {
    return { name, datatype, shape, values: typedValues({ ...tensor, contents }) };
  }
  if (contents.length > 0) {
    throw invalidRequest(
      `The input ${quoted(name)} has contents, but the request has raw_input_contents. It must have only one of them.`,
    );
  }
  return { name, datatype, shape, values: valuesOfBytes({ ...tensor, bytes }) };
}

function typedValues(tensor: Parameters<typeof valuesOfContents>[0]): InputTensor['values'] {
  try {
    return valuesOfContents(tensor);
  } catch (error) {
    if (error instanceof WireError) {
      throw invalidRequest(
        `The contents of the input ${quoted(tensor.name)} cannot be read: ${error.message}`,
      );
    }
    throw error;
  }
}
