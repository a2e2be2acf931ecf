import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ProblemException } from '../../http/problems/problem.exception.js';
import { ValidationPipe } from './validation.pipe.js';

class Item {
  @IsInt({ message: 'must be an integer' })
  readonly count!: number;
}

class Pair {
  @IsInt({ message: 'must be an integer' })
  readonly left!: number;

  @IsInt({ message: 'must be an integer' })
  readonly right!: number;
}

class Box {
  @Type(() => Item)
  @ValidateNested({ message: 'must be an object', context: { itemType: Item } })
  @ArrayMaxSize(100)
  @IsArray()
  readonly items!: Item[];
}

const pipe = new ValidationPipe(Box);

function refused(body: unknown): unknown {
  try {
    pipe.transform(body);
    return undefined;
  } catch (error) {
    return (error as ProblemException).errors;
  }
}

describe('ValidationPipe', () => {
  it('gives back a valid body itself', () => {
    const body = { items: [{ count: 6 }], ignored: true };
    expect(pipe.transform(body)).toBe(body);
  });

  it.each([
    [null, 'null'],
    [[1], 'an array of 1 item'],
    ['text', '"text"'],
  ])('refuses %j, which is not an object', (body, description) => {
    expect(refused(body)).toEqual([
      {
        pointer: '',
        code: 'not_an_object',
        detail: `The body must be a JSON object, but is ${description}.`,
      },
    ]);
  });

  it.each([
    ['[[]]', [[]]],
    ['[[{…}]]', [[{ count: 6 }]]],
  ])('takes %s for an array without an item, unlike class-validator alone', (_text, items) => {
    expect(refused({ items })).toEqual([
      { pointer: '/items/0', code: 'not_an_object', detail: 'Item 0 must be an object.' },
    ]);
  });

  it.each([
    [[], 'an empty array'],
    [[[1]], 'an array of 1 item'],
    [{ a: 1 }, 'an object'],
  ])('says of %j in the place of a number that it is %s', (count, description) => {
    expect(refused({ items: [{ count }] })).toMatchObject([
      { detail: `count must be an integer, but is ${description}.` },
    ]);
  });

  it('does not walk into what is too deep or too long, wherever it stands', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    const long = Array<unknown>(300_000).fill({});
    expect(refused({ ignored: deep, items: [{ count: deep }] })).toMatchObject([{ code: 'not_an_integer' }]);
    expect(refused({ ignored: deep, items: deep })).toMatchObject([{ code: 'not_an_object' }]);
    expect(refused({ items: long })).toMatchObject([{ code: 'too_many_items' }]);
  });
});

describe('many errors', () => {
  it('are counted, and the first hundred are listed', () => {
    const items = Array<object>(90).fill({});
    for (const [number, isCut] of [
      [1, false],
      [2, true],
    ] as const) {
      class Wide {
        @Type(() => Pair)
        @ValidateNested({ message: 'must be an object', context: { itemType: number === 1 ? Item : Pair } })
        @IsArray()
        readonly items!: object[];
      }
      const { listed, count } = new ValidationPipe(Wide).errorsOf({ items });
      expect([listed.length, count]).toEqual([isCut ? 100 : 90, 90 * number]);
    }
  });

  it('end in a problem that says how many there are', () => {
    class Pairs {
      @Type(() => Pair)
      @ValidateNested({ message: 'must be an object', context: { itemType: Pair } })
      @IsArray()
      readonly items!: Pair[];
    }
    const body = { items: Array<object>(75).fill({}) };
    expect(() => new ValidationPipe(Pairs).transform(body)).toThrow(
      expect.objectContaining({
        detail: '150 values are missing or invalid; the first 100 are listed.',
        errorCount: 150,
      }) as Error,
    );
  });
});
