import type { Customer, Feature, Value } from './model.js';

/** The customer that the contract starts with. */
export function exampleCustomer(features: readonly Feature[]): Customer {
  return Object.fromEntries(features.map(({ name, example }) => [name, example ?? null]));
}

/** Writes what differs from the example, so that the link of a wide model stays short. */
export function toFragment(customer: Customer, features: readonly Feature[]): string {
  const example = exampleCustomer(features);
  const changed = Object.entries(customer).filter(([name, value]) => value !== example[name]);
  return new URLSearchParams(changed.map(([name, value]) => [name, JSON.stringify(value)])).toString();
}

/** Reads a customer, and leaves out what the contract does not know. */
export function fromFragment(fragment: string, features: readonly Feature[]): Customer {
  const customer = exampleCustomer(features);
  for (const [name, text] of new URLSearchParams(fragment.replace(/^#/, ''))) {
    const value = readValue(text);
    if (Object.hasOwn(customer, name) && value !== undefined) {
      customer[name] = value;
    }
  }
  return customer;
}

function readValue(text: string): Value | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || ['number', 'boolean', 'string'].includes(typeof value)
      ? (value as Value)
      : undefined;
  } catch {
    return undefined;
  }
}
