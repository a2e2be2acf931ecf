/** How a field stands on the wire (https://protobuf.dev/programming-guides/encoding). */
export const WIRE_TYPE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const TWO_TO_32 = 2 ** 32;
const LONGEST_VARINT_BYTES = 10;

/** The bytes are no message of Protocol Buffers. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Reads the fields of a message in their order, and makes no object for any. */
export class WireReader {
  fieldNumber = 0;
  wireType = 0;
  private position = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.position === this.bytes.length;
  }

  /** Goes on to the next field, whose value must then be read or skipped. @returns false at the end */
  nextField(): boolean {
    if (this.isAtEnd) {
      return false;
    }
    const tag = this.unsigned();
    this.fieldNumber = Math.floor(tag / 8);
    this.wireType = tag % 8;
    return true;
  }

  /** An integer without sign. Above 2^53 it is the nearest double. */
  unsigned(): number {
    return this.integer(false);
  }

  /** An integer of 64 bits with a sign, which smaller ones with a sign are written as. */
  signed(): number {
    return this.integer(true);
  }

  float(): number {
    return this.bytes.readFloatLE(this.advance(4));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.advance(8));
  }

  /** A part of the message's own bytes. */
  bytesField(): Buffer {
    if (this.wireType !== WIRE_TYPE.bytes) {
      throw new WireError(`The field ${this.fieldNumber} has the wire type ${this.wireType}.`);
    }
    const size = this.unsigned();
    const start = this.advance(size);
    return this.bytes.subarray(start, start + size);
  }

  text(): string {
    return this.bytesField().toString();
  }

  skip(): void {
    switch (this.wireType) {
      case WIRE_TYPE.varint:
        this.unsigned();
        break;
      case WIRE_TYPE.fixed64:
        this.advance(8);
        break;
      case WIRE_TYPE.bytes:
        this.bytesField();
        break;
      case WIRE_TYPE.fixed32:
        this.advance(4);
        break;
      default:
        throw new WireError(`There is no wire type ${this.wireType}.`);
    }
  }

  /** Seven bits a byte, the least ones first; the 32 upper bits apart, since numbers lose bits beyond 53. */
  private integer(isSigned: boolean): number {
    let low = 0;
    let high = 0;
    for (let index = 0; index < LONGEST_VARINT_BYTES; index++) {
      const byte = this.bytes[this.advance(1)] ?? 0;
      const bits = byte & 0x7f;
      if (index < 4) {
        low |= bits << (7 * index);
      } else if (index === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        high |= bits << (7 * index - 32);
      }
      if (byte < 0x80) {
        return (isSigned ? high | 0 : high >>> 0) * TWO_TO_32 + (low >>> 0);
      }
    }
    throw new WireError('An integer has more than 10 bytes.');
  }

  /** @returns where the bytes begin that are read now */
  private advance(byteCount: number): number {
    const start = this.position;
    if (!(byteCount <= this.bytes.length - start)) {
      throw new WireError('The message ends within a field.');
    }
    this.position += byteCount;
    return start;
  }
}
