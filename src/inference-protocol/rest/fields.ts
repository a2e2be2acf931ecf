import { describe } from '../../prediction/validation/field-errors.js';
import { isJsonObject } from '../../prediction/validation/is-json-object.js';
import { invalidRequest } from '../invalid-request.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Reads the fields of an object of a request. Many clients write null for a field that they leave out. */
export class Fields {
  /** @param path of the object in the body, for messages; empty for the body itself */
  constructor(
    private readonly object: JsonObject,
    private readonly path: string,
  ) {}

  has(name: string): boolean {
    return this.object[name] !== undefined && this.object[name] !== null;
  }

  text(name: string): string {
    const value = this.object[name];
    if (typeof value !== 'string') {
      throw this.refusal(name, 'a text');
    }
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.object[name] ?? undefined;
    if (value !== undefined && typeof value !== 'boolean') {
      throw this.refusal(name, 'true or false');
    }
    return value;
  }

  /** A number of bytes. */
  optionalSize(name: string): number | undefined {
    const value = this.object[name] ?? undefined;
    if (value !== undefined && !isSize(value)) {
      throw this.refusal(name, 'an integer from 0 on');
    }
    return value;
  }

  sizes(name: string): readonly number[] {
    const value = this.object[name];
    if (!Array.isArray(value) || !value.every(isSize)) {
      throw this.refusal(name, 'an array of integers from 0 on');
    }
    return value;
  }

  array(name: string): readonly unknown[] {
    const value = this.object[name];
    if (!Array.isArray(value)) {
      throw this.refusal(name, 'an array');
    }
    return value;
  }

  /** The objects of an array. */
  objects(name: string): Fields[] {
    return this.array(name).map((item, index) => {
      const path = `${this.pathOf(name)}[${index}]`;
      if (!isJsonObject(item)) {
        throw invalidRequest(`${path} must be an object, but is ${describe(item)}.`);
      }
      return new Fields(item, path);
    });
  }

  /** An object that may be absent, as one without fields. */
  optionalObject(name: string): Fields {
    const value = this.object[name] ?? {};
    if (!isJsonObject(value)) {
      throw this.refusal(name, 'an object');
    }
    return new Fields(value, this.pathOf(name));
  }

  refusal(name: string, allowed: string): Error {
    const value = this.object[name];
    return invalidRequest(
      value === undefined
        ? `${this.pathOf(name)} is required: it must be ${allowed}.`
        : `${this.pathOf(name)} must be ${allowed}, but is ${describe(value)}.`,
    );
  }

  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
