declare global {
  // Node.js has these, but TypeScript does not know them yet.
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: ReviverContext) => unknown): unknown;
    rawJSON(text: string): unknown;
  }
}

interface ReviverContext {
  /** The text of a value that is no object and no array. */
  readonly source?: string;
}

/** Numbers that a double may not hold: of 16 characters or more, or with a large exponent. */
const LONG_NUMBER = /[\d.]{16}|\d[eE][+-]?\d{3}/;

/** Whether a number in this JSON may become another one when it is parsed. Some that do not are found too. */
export function mayHaveLongNumbers(json: string): boolean {
  return LONG_NUMBER.test(json);
}

/** Parses JSON whose long numbers are to be written again as they came, and not to be read. */
export function parseForCopy(json: string): unknown {
  return JSON.parse(json, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && mayHaveLongNumbers(source)
      ? JSON.rawJSON(source)
      : value,
  );
}
