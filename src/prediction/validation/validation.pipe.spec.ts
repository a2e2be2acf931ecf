import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import type { ProblemException } from '../../http/problems/problem.exception.js';
import { gateError } from './field-errors.js';
import { ValidationPipe } from './validation.pipe.js';

class Item {
  @IsInt({ message: 'must be an integer' })
  readonly count!: number;
}

class Box {
  @Type(() => Item)
  @ValidateNested({ message: 'must be an object', context: { itemType: Item } })
  @ArrayMaxSize(100)
  @IsArray()
  readonly items!: Item[];
}

const pipe = new ValidationPipe([Box]);

function refused(body: unknown): unknown {
  try {
    pipe.transform(body, { type: 'body', metatype: Box });
    return undefined;
  } catch (error) {
    return (error as ProblemException).errors;
  }
}

describe('ValidationPipe', () => {
  it('lets nothing pass as a DTO that it was not made for', () => {
    class Forgotten {
      @IsInt() readonly field!: number;
    }
    expect(() => pipe.transform({ field: 1 }, { type: 'body', metatype: Forgotten })).toThrow(
      'Forgotten is not among the DTOs',
    );
  });

  it('leaves what is no body alone', () => {
    expect(pipe.transform('6', { type: 'param', metatype: Number })).toBe('6');
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
    [[[1]], 'an array'],
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

describe('gateError', () => {
  it('words what only the gate rejects', () => {
    const error = {
      instancePath: '/a',
      message: 'must be object',
      keyword: 'type',
      schemaPath: '',
      params: {},
    };
    expect(gateError(error)).toEqual({ pointer: '/a', code: 'invalid', detail: '/a must be object.' });
  });
});
