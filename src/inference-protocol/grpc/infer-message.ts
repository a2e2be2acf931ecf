import { WIRE_TYPE, WireError, WireReader } from './wire-reader.js';

/** A ModelInferRequest as it came. Its bytes are parts of the message. Parameters are ignored. */
export interface InferMessage {
  readonly modelName: string;
  /** Empty for the served one. */
  readonly modelVersion: string;
  readonly id: string;
  readonly inputs: readonly InputMessage[];
  /** Names of outputs. */
  readonly outputs: readonly string[];
  readonly rawContents: readonly Buffer[];
  /** The whole message. */
  readonly bytes: Buffer;
}

export interface InputMessage {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** An InferTensorContents, not read yet. */
  readonly contents: Buffer | undefined;
}

/** Of each kind. More tensors, or dimensions of one, than any model has would take many times the memory of their message. */
const MOST_PARTS = 65_536;

/**
 * Reads a message with as few objects as it has tensors. A library for Protocol Buffers would make one for each integer of 64
 * bits, and two arrays of all elements.
 *
 * @throws {WireError} if the bytes are no such message
 */
export function readInferMessage(bytes: Buffer): InferMessage {
  const message = {
    modelName: '',
    modelVersion: '',
    id: '',
    inputs: [] as InputMessage[],
    outputs: [] as string[],
    rawContents: [] as Buffer[],
    bytes,
  };
  const reader = new WireReader(bytes);
  while (reader.nextField()) {
    switch (reader.fieldNumber) {
      case 1:
        message.modelName = reader.text();
        break;
      case 2:
        message.modelVersion = reader.text();
        break;
      case 3:
        message.id = reader.text();
        break;
      case 5:
        push(message.inputs, readInput(reader.bytesField()));
        break;
      case 6:
        push(message.outputs, readOutputName(reader.bytesField()));
        break;
      case 7:
        push(message.rawContents, reader.bytesField());
        break;
      default:
        reader.skip();
    }
  }
  return message;
}

function readInput(bytes: Buffer): InputMessage {
  let name = '';
  let datatype = '';
  const shape: number[] = [];
  let contents: Buffer | undefined;
  const reader = new WireReader(bytes);
  while (reader.nextField()) {
    switch (reader.fieldNumber) {
      case 1:
        name = reader.text();
        break;
      case 2:
        datatype = reader.text();
        break;
      case 3:
        readSizes(reader, shape);
        break;
      case 5:
        // Parts of a message that comes twice belong together, as their bytes do.
        contents =
          contents === undefined ? reader.bytesField() : Buffer.concat([contents, reader.bytesField()]);
        break;
      default:
        reader.skip();
    }
  }
  return { name, datatype, shape, contents };
}

/** One, or many packed. */
function readSizes(reader: WireReader, shape: number[]): void {
  if (reader.wireType === WIRE_TYPE.varint) {
    push(shape, reader.signed());
    return;
  }
  const packed = new WireReader(reader.bytesField());
  while (!packed.isAtEnd) {
    push(shape, packed.signed());
  }
}

function readOutputName(bytes: Buffer): string {
  let name = '';
  const reader = new WireReader(bytes);
  while (reader.nextField()) {
    if (reader.fieldNumber === 1) {
      name = reader.text();
    } else {
      reader.skip();
    }
  }
  return name;
}

function push<T>(parts: T[], part: T): void {
  if (parts.length === MOST_PARTS) {
    throw new WireError(`The message has more than ${MOST_PARTS} tensors, or a tensor as many dimensions.`);
  }
  parts.push(part);
}
