import { IsEmail, IsInt, IsNumber, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { dtoFields } from './dto-fields.js';
import { compileGate } from './gate.js';

describe('dtoFields', () => {
  it('checks the type first, in whatever order the decorators stand', () => {
    class Reordered {
      @Max(2) @Min(1) @IsInt() readonly field!: number;
    }
    const [field] = dtoFields(Reordered);
    expect(field?.checks.map(({ code }) => code)).toEqual(['not_an_integer', 'too_small', 'too_large']);
  });

  it('accepts what passes all checks', () => {
    class Numbers {
      @IsInt() @Min(1) @Max(2) readonly bounded!: number;
      @IsNumber() readonly unbounded!: number;
      @IsString() @Matches(/^a/) readonly text!: string;
    }
    const values = [0, 1, 1.5, 2, 3, Infinity, NaN, 'a', 'b', null, undefined, [], {}];
    for (const field of dtoFields(Numbers)) {
      for (const value of values) {
        const [type, ...others] = field.checks.map(({ passes }) => passes);
        const isAccepted = type?.(value) === true && others.every((passes) => passes(value));
        expect(compileGate([field])({ [field.name]: value })).toBe(isAccepted);
      }
    }
  });

  it('knows which fields may be missing', () => {
    class Partly {
      @IsOptional() @IsInt() readonly missing!: number | null;
      @IsInt() readonly needed!: number;
    }
    expect(dtoFields(Partly).map(({ name, isOptional }) => [name, isOptional])).toEqual([
      ['missing', true],
      ['needed', false],
    ]);
  });

  it('refuses a constraint that it does not know, instead of leaving it out', () => {
    class Unknown {
      @IsEmail() readonly address!: string;
    }
    expect(() => dtoFields(Unknown)).toThrow('Unknown.address has the constraint isEmail');
  });

  it('refuses a class without a constraint', () => {
    class Unchecked {
      readonly field!: number;
    }
    expect(() => dtoFields(Unchecked)).toThrow('Unchecked has no field with a constraint');
  });
});
