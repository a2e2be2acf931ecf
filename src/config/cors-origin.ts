import { ValidateBy, type ValidationOptions } from 'class-validator';

/** `*`, or an origin written as browsers send it: without a path, a default port or capital letters. */
export function IsCorsOrigin(options: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: 'isCorsOrigin', validator: { validate: isCorsOrigin } }, options);
}

function isCorsOrigin(value: unknown): boolean {
  const text = String(value);
  return text === '*' || (/^https?:[^*]+$/.test(text) && URL.parse(text)?.origin === text);
}
