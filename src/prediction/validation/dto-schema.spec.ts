import { IsEmail, IsInt, Max, Min } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { dtoSchema } from './dto-schema.js';

describe('dtoSchema', () => {
  it('says the same in whatever order the decorators stand', () => {
    class Ordered {
      @IsInt() @Min(1) @Max(2) readonly field!: number;
    }
    class Reordered {
      @Max(2) @Min(1) @IsInt() readonly field!: number;
    }
    expect(dtoSchema(Reordered)).toEqual(dtoSchema(Ordered));
    expect(dtoSchema(Ordered).properties['field']).toMatchObject({ type: 'integer', minimum: 1, maximum: 2 });
  });

  it('refuses a constraint that it cannot say, instead of leaving it out', () => {
    class Unknown {
      @IsEmail() readonly address!: string;
    }
    expect(() => dtoSchema(Unknown)).toThrow('Unknown.address has the constraint isEmail');
  });
});
