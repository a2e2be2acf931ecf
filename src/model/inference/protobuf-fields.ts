/** A number, or the bytes of a text or of a message. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/**
 * Reads the fields of one message in protobuf's wire format (https://protobuf.dev/programming-guides/encoding). Messages in
 * it are not read, so this costs little, however large they are.
 *
 * @returns the fields up to the end, or up to the first that is damaged; those of 4 and 8 bytes are left out
 */
export function* fieldsIn(message: Uint8Array): Generator<Field, void> {
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = message[position++] ?? NaN;
      value += (byte % 128) * unit;
      if (!(byte >= 128)) {
        return value;
      }
    }
  };
  while (position < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        position += 8;
        break;
      case 2: {
        const length = varint();
        const end = position + length;
        if (!(end <= message.length)) {
          return;
        }
        yield { number, value: message.subarray(position, end) };
        position = end;
        break;
      }
      case 5:
        position += 4;
        break;
      default:
        return;
    }
  }
}

/** The texts or messages of one field. */
export function* bytesIn(message: Uint8Array, wanted: number): Generator<Uint8Array, void> {
  for (const { number, value } of fieldsIn(message)) {
    if (number === wanted && typeof value !== 'number') {
      yield value;
    }
  }
}
