/** An answer that is written as JSON already. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** What `JSON.stringify` is made for, and Express adds nothing to: no stream, no error, no buffer. */
export function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
