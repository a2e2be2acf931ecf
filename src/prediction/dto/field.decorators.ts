import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  NotEquals,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import {
  type CategoryFeature,
  type Feature,
  type FeatureValue,
  isShortText,
  MAX_CATEGORY_LENGTH,
  type NumberFeature,
  WHOLE_TEXT,
} from '../../bundle/feature.js';
import type { NestedContext } from '../validation/dto-fields.js';
import { descriptionOf, messageOf } from './feature-words.js';

/** A field of a customer: one statement of the contract for validation and for the docs. */
export function FeatureField(feature: Feature, example: FeatureValue): PropertyDecorator {
  const { nullable } = feature;
  return applyDecorators(
    ...(nullable ? [IsOptional()] : []),
    ...constraints(feature),
    ApiProperty({
      ...documentedType(feature),
      description: descriptionOf(feature),
      ...(nullable && { nullable, required: false }),
      ...(example !== undefined ? { example } : nullable && { example: null }),
    } as ApiPropertyOptions),
  );
}

function constraints(feature: Feature): PropertyDecorator[] {
  switch (feature.type) {
    case 'integer':
      return [IsInt({ message: messageOf(feature) }), ...boundConstraints(feature)];
    case 'number':
      return [
        IsNumber({ allowNaN: false, allowInfinity: false }, { message: messageOf(feature) }),
        ...boundConstraints(feature),
      ];
    case 'boolean':
      return [IsBoolean({ message: messageOf(feature) })];
    case 'category':
      return feature.unknown === 'refuse' ? listedConstraints(feature) : openConstraints(feature);
  }
}

function boundConstraints(feature: NumberFeature): PropertyDecorator[] {
  const { bounds, minimum, maximum } = feature;
  const message = messageOf(feature);
  return [
    Min(minimum, {
      message:
        bounds.minimum === undefined
          ? `must be at least ${minimum}, the least number that the model takes`
          : message,
    }),
    Max(maximum, {
      message:
        bounds.maximum === undefined
          ? `must be at most ${maximum}, the greatest number that the model takes`
          : message,
    }),
  ];
}

function listedConstraints(feature: CategoryFeature): PropertyDecorator[] {
  const message = messageOf(feature);
  return [IsString({ message }), IsIn(feature.categories, { message })];
}

function openConstraints(feature: CategoryFeature): PropertyDecorator[] {
  const message = messageOf(feature);
  return [
    IsString({ message }),
    IsShortText(message),
    Matches(WHOLE_TEXT, { message: 'must be a text without NUL characters and lone surrogates' }),
    NotEquals(feature.missingText, { message: 'must be null where it is missing' }),
  ];
}

/** class-validator's own counts a variation selector as no character, unlike JSON Schema. */
function IsShortText(message: string): PropertyDecorator {
  return ValidateBy(
    { name: 'isShortText', constraints: [isShortText], validator: { validate: isShortText } },
    { message },
  );
}

/** As in JSON Schema and by all engines. None but JavaScript's has a way to write a lone surrogate. */
const DOCUMENTED_WHOLE_TEXT = '^[^\\x00]*$';

function documentedType(feature: Feature): Partial<ApiPropertyOptions> {
  switch (feature.type) {
    case 'integer':
    case 'number': {
      const { type, minimum, maximum } = feature;
      return { type, minimum, maximum };
    }
    case 'boolean':
      return { type: 'boolean' };
    case 'category': {
      const { categories, unknown, nullable } = feature;
      return unknown === 'refuse'
        ? { type: 'string', enum: nullable ? [...categories, null] : [...categories] }
        : { type: 'string', maxLength: MAX_CATEGORY_LENGTH, pattern: DOCUMENTED_WHOLE_TEXT };
    }
  }
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
