import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
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
import type { NestedContext } from '../validation/dto-schema.js';

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
    Type(() => itemType),
    IsArray({ message }),
    ArrayMinSize(options.minItems, { message }),
    ArrayMaxSize(options.maxItems, { message }),
    ValidateNested({ message: 'must be an object', context: { itemType } satisfies NestedContext }),
    ApiProperty({ ...options, example: [...options.example], type: [itemType] }),
  );
}
