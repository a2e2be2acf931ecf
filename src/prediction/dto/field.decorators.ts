import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Expose, Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

interface FieldOptions {
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly example: number;
}

/** A required JSON integer within bounds: one statement for validation and for the docs. */
export function IntegerField(options: FieldOptions): PropertyDecorator {
  const message = `must be an integer from ${options.minimum} to ${options.maximum}`;
  return applyDecorators(
    Expose(),
    IsInt({ message }),
    Min(options.minimum, { message }),
    Max(options.maximum, { message }),
    ApiProperty({ ...options, type: 'integer' }),
  );
}

/** A required, finite JSON number within bounds. */
export function NumberField(options: FieldOptions): PropertyDecorator {
  const message = `must be a number from ${options.minimum} to ${options.maximum}`;
  return applyDecorators(
    Expose(),
    IsNumber({ allowNaN: false, allowInfinity: false }, { message }),
    Min(options.minimum, { message }),
    Max(options.maximum, { message }),
    ApiProperty({ ...options, type: 'number' }),
  );
}

/** A required JSON array of a number of objects, each of which is validated. */
export function ObjectArrayField<T extends object>(
  itemType: new () => T,
  options: { description: string; minItems: number; maxItems: number; example: readonly T[] },
): PropertyDecorator {
  const message = `must be an array of ${options.minItems} to ${options.maxItems} objects`;
  return applyDecorators(
    Expose(),
    Type(() => itemType),
    // class-validator takes an array in the place of an item for more items: [[{…}]] would pass as [{…}].
    Transform(({ value }: { value: unknown }) =>
      Array.isArray(value) ? value.map((item: unknown) => (Array.isArray(item) ? null : item)) : value,
    ),
    IsArray({ message }),
    ArrayMinSize(options.minItems, { message }),
    ArrayMaxSize(options.maxItems, { message }),
    ValidateNested({ message: 'must be an object' }),
    ApiProperty({ ...options, example: [...options.example], type: [itemType] }),
  );
}
