import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from './json-scanner.js';

function numberOf(text: string): { number: number; isRest: boolean } {
  const scanner = new JsonScanner(Buffer.from(text));
  return { number: scanner.takeNumber(), isRest: !scanner.isAtEnd() };
}

/** Signs, digits and points in any order, and what JSON makes of numbers. */
const numberText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789-.eE+ ')), maxLength: 20 }),
  fc.double().map((value) => JSON.stringify(value)),
  fc.tuple(fc.integer(), fc.nat(999_999)).map(([whole, decimals]) => `${whole}.${decimals}`),
  fc.integer().map(String),
);

describe('JsonScanner', () => {
  it('reads a number as JSON.parse does, or does not take it', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const { number, isRest } = numberOf(text);
        if (!Number.isNaN(number) && !isRest) {
          expect(number).toBe(JSON.parse(text));
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    '0',
    '-0',
    '7',
    '72',
    '-3.5',
    '479.94',
    '0.1',
    '123456789012345',
    '0.00000000000001',
    ' \t\r\n1 ',
  ])('takes %j', (text) => {
    expect(numberOf(text)).toEqual({ number: JSON.parse(text) as number, isRest: false });
  });

  it.each([
    '',
    '-',
    '.5',
    '1.',
    '01',
    '-01',
    '1e3',
    '1E3',
    '1.5e-7',
    '1234567890123456',
    '0.1234567890123456',
    '+1',
    'x',
  ])('does not take %j', (text) => {
    const scanner = new JsonScanner(Buffer.from(text));
    expect(scanner.takeNumber()).toBeNaN();
    expect(scanner.takesAll(Buffer.from(text))).toBe(true);
  });

  it('takes bytes after white space, or stays where it is', () => {
    const scanner = new JsonScanner(Buffer.from(' {\n"a" :'));
    expect(scanner.takes(0x5b)).toBe(false);
    expect(scanner.takes(0x7b)).toBe(true);
    expect(scanner.takesAll(Buffer.from('"ab"'))).toBe(false);
    expect(scanner.takesAll(Buffer.from('"a"'))).toBe(true);
    expect(scanner.isAtEnd()).toBe(false);
    expect(scanner.takes(0x3a)).toBe(true);
    expect(scanner.isAtEnd()).toBe(true);
    expect(scanner.takesAll(Buffer.from('x'))).toBe(false);
  });
});
