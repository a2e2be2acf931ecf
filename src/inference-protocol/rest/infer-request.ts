import type { Feature } from '../../bundle/feature.js';
import { JSON_LENGTH_HEADER } from '../../http/requests/json-length.js';
import { valuesOfBytes } from '../binary-values.js';
import { DATATYPES, ELEMENT_BYTES, isDatatype } from '../datatype.js';
import { invalidRequest } from '../invalid-request.js';
import { valuesOfJson } from '../json-values.js';
import { elementCount, type InputTensor } from '../tensor.js';
import type { Fields } from './fields.js';
import { parseJsonPart } from './json-part.js';

/** A request for inference, as far as it can be understood without the contract. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: readonly InputTensor[];
  /** Empty for the usual ones. */
  readonly outputs: readonly RequestedOutput[];
  /** Whether outputs that do not say so themselves are answered as binary data. */
  readonly hasBinaryOutputs: boolean;
}

export interface RequestedOutput {
  readonly name: string;
  readonly isBinary: boolean;
}

/** @throws {ProblemException} that says which field is wrong */
export function readInferRequest(
  body: Buffer,
  jsonLength: string | undefined,
  features: readonly Feature[],
): InferRequest {
  const jsonBytes = jsonBytesOf(body, jsonLength);
  if (jsonBytes === 0 && jsonLength !== undefined) {
    return rawRequest(body, features);
  }
  const fields = parseJsonPart(body.subarray(0, jsonBytes));
  const binary = new BinaryData(body.subarray(jsonBytes));
  const hasBinaryOutputs = fields.optionalObject('parameters').optionalBoolean('binary_data_output') ?? false;
  const request = {
    id: fields.optionalText('id'),
    inputs: fields.objects('inputs').map((input) => readInput(input, binary)),
    outputs: (fields.has('outputs') ? fields.objects('outputs') : []).map((output) => ({
      name: output.text('name'),
      isBinary: output.optionalObject('parameters').optionalBoolean('binary_data') ?? hasBinaryOutputs,
    })),
    hasBinaryOutputs,
  };
  binary.requireEnd();
  return request;
}

function jsonBytesOf({ length }: Buffer, stated: string | undefined): number {
  if (stated === undefined) {
    return length;
  }
  const jsonBytes = /^\d{1,15}$/.test(stated) ? Number(stated) : NaN;
  if (!(jsonBytes <= length)) {
    throw invalidRequest(
      `${JSON_LENGTH_HEADER} must be an integer from 0 to the ${length} bytes of the body, but is ${JSON.stringify(stated.slice(0, 40))}.`,
    );
  }
  return jsonBytes;
}

/** The binary data after the JSON, from which each input takes its part in turn. */
class BinaryData {
  private position = 0;

  constructor(private readonly bytes: Buffer) {}

  take(size: number, path: string): Buffer {
    const start = this.position;
    this.position += size;
    if (this.position > this.bytes.length) {
      throw invalidRequest(
        `${path} is ${size}, but only ${this.bytes.length - start} bytes of binary data are left. ` +
          `${JSON_LENGTH_HEADER} must state where the JSON ends.`,
      );
    }
    return this.bytes.subarray(start, this.position);
  }

  requireEnd(): void {
    const left = this.bytes.length - this.position;
    if (left > 0) {
      throw invalidRequest(`${left} bytes of binary data belong to no input.`);
    }
  }
}

function readInput(input: Fields, binary: BinaryData): InputTensor {
  const name = input.text('name');
  const datatype = input.text('datatype');
  if (!isDatatype(datatype)) {
    throw input.refusal('datatype', `one of ${DATATYPES.join(', ')}`);
  }
  const shape = input.sizes('shape');
  const count = elementCount(shape);
  const parameters = input.optionalObject('parameters');
  const size = parameters.optionalSize('binary_data_size');
  if (size === undefined) {
    return {
      name,
      datatype,
      shape,
      values: valuesOfJson({ name, datatype, count, data: input.array('data') }),
    };
  }
  if (input.has('data')) {
    throw input.refusal('data', 'absent where parameters has binary_data_size');
  }
  const bytes = binary.take(size, parameters.pathOf('binary_data_size'));
  return { name, datatype, shape, values: valuesOfBytes({ name, datatype, count, bytes }) };
}

/** A body of nothing but the values of all features, as FP64. */
function rawRequest(bytes: Buffer, features: readonly Feature[]): InferRequest {
  const rowBytes = features.length * ELEMENT_BYTES.FP64;
  if (bytes.length % rowBytes !== 0) {
    throw invalidRequest(
      `With ${JSON_LENGTH_HEADER}: 0 the body must be a matrix [rows, ${features.length}] of FP64, ${rowBytes} bytes a row, but has ${bytes.length} bytes.`,
    );
  }
  const matrix = {
    name: 'the body',
    datatype: 'FP64',
    shape: [bytes.length / rowBytes, features.length],
  } as const;
  const values = valuesOfBytes({ ...matrix, count: elementCount(matrix.shape), bytes });
  return { id: undefined, inputs: [{ ...matrix, values }], outputs: [], hasBinaryOutputs: true };
}
