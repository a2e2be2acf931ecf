const SPACE = 0x20;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_E = 0x65;
const UPPER_E = 0x45;

/** So many digits make an integer that a double holds exactly. */
const MOST_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Reads JSON that is written as nearly all programs write it. It tells when it cannot, and has then read nothing. */
export class JsonScanner {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Reads this byte, if it is the next one after white space. */
  takes(byte: number): boolean {
    this.skipSpace();
    if (this.bytes[this.position] !== byte) {
      return false;
    }
    this.position++;
    return true;
  }

  /** Reads these bytes, if they are the next ones after white space. */
  takesAll(expected: Uint8Array): boolean {
    this.skipSpace();
    const { bytes, position } = this;
    const { length } = expected;
    for (let index = 0; index < length; index++) {
      if (bytes[position + index] !== expected[index]) {
        return false;
      }
    }
    this.position = position + length;
    return true;
  }

  /**
   * Reads a number that has up to 15 digits and no exponent.
   *
   * @returns the same as `JSON.parse`, since the quotient of two exact doubles is the double that is nearest; NaN if there is
   *   no such number
   */
  takeNumber(): number {
    this.skipSpace();
    const { bytes } = this;
    const isNegative = bytes[this.position] === MINUS;
    const start = this.position + (isNegative ? 1 : 0);
    let position = start;
    let digits = 0;
    let byte = bytes[position] ?? 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++position] ?? 0) {
      digits = 10 * digits + byte - ZERO;
    }
    const wholeDigits = position - start;
    let decimals = 0;
    if (byte === POINT) {
      byte = bytes[++position] ?? 0;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[++position] ?? 0) {
        digits = 10 * digits + byte - ZERO;
        decimals++;
      }
      if (decimals === 0) {
        return NaN;
      }
    }
    const hasLeadingZero = wholeDigits > 1 && bytes[start] === ZERO;
    if (wholeDigits === 0 || hasLeadingZero || wholeDigits + decimals > MOST_DIGITS) {
      return NaN;
    }
    if (byte === LOWER_E || byte === UPPER_E) {
      return NaN;
    }
    this.position = position;
    const magnitude = digits / (POWERS_OF_TEN[decimals] ?? NaN);
    return isNegative ? -magnitude : magnitude;
  }

  isAtEnd(): boolean {
    this.skipSpace();
    return this.position === this.bytes.length;
  }

  /** Mostly there is none, and V8 has a check of one byte inline. */
  private skipSpace(): void {
    if ((this.bytes[this.position] ?? Infinity) <= SPACE) {
      this.skipAllSpace();
    }
  }

  private skipAllSpace(): void {
    while (isSpace(this.bytes[this.position])) {
      this.position++;
    }
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
