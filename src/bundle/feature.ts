/** The value of a feature. A missing one is null, or absent. */
export type FeatureValue = number | boolean | string | null | undefined;

/** The values of one customer by the names of the features. */
export type Customer = Readonly<Record<string, FeatureValue>>;

/** @param features the names of the row's values */
export function customerOf(features: readonly string[], row: readonly FeatureValue[]): Customer {
  return Object.fromEntries(row.map((value, column) => [features[column] ?? '', value]));
}

interface FeatureOfAnyType {
  readonly name: string;
  /** For people; empty if the manifest has none. */
  readonly description: string;
  /** Whether the value may be missing. */
  readonly nullable: boolean;
}

export interface NumberFeature extends FeatureOfAnyType {
  readonly type: 'integer' | 'number';
  readonly unit?: string;
  /** The least and the greatest value that the API accepts: those that the manifest states, or those of the tensor. */
  readonly minimum: number;
  readonly maximum: number;
  /** The bounds that the manifest states. */
  readonly bounds: { readonly minimum?: number; readonly maximum?: number };
}

export interface BooleanFeature extends FeatureOfAnyType {
  readonly type: 'boolean';
}

export interface CategoryFeature extends FeatureOfAnyType {
  readonly type: 'category';
  readonly categories: readonly string[];
  /** Whether a category that is not listed is accepted. */
  readonly unknown: 'refuse' | 'accept';
  /** What the graph takes for a missing value. No caller may send it as a category. */
  readonly missingText?: string;
}

/** One field of a customer. */
export type Feature = NumberFeature | BooleanFeature | CategoryFeature;

export type FeaturesByName = ReadonlyMap<string, Feature>;

export function isNumberFeature(feature: Feature): feature is NumberFeature {
  return feature.type === 'integer' || feature.type === 'number';
}

/** Every object has these properties, also one that no caller gave them. class-validator fails on fields of such names. */
export const NAMES_OF_EVERY_OBJECT: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Whether a feature may have this name. */
export function isFeatureName(name: string): boolean {
  return !NAMES_OF_EVERY_OBJECT.includes(name) && !CONTROL_CHARACTER.test(name) && isWholeText(name);
}

/** Longest text that is accepted for a category, in code points. */
export const MAX_CATEGORY_LENGTH = 256;

const SHORT_TEXT = new RegExp(`^.{0,${MAX_CATEGORY_LENGTH}}$`, 'su');

/** A NUL would cut a text off on its way into the graph. A lone surrogate would be replaced there. */
export const WHOLE_TEXT = /^[^\0\ud800-\udfff]*$/u;

/** Whether the graph gets the text as it is. */
export function isWholeText(text: string): boolean {
  return WHOLE_TEXT.test(text);
}

/** Whether the API accepts the value for this feature. */
export function isAccepted(feature: Feature, value: FeatureValue): boolean {
  if (value === null || value === undefined) {
    return feature.nullable;
  }
  switch (feature.type) {
    case 'integer':
      return Number.isInteger(value) && isWithin(feature, value as number);
    case 'number':
      return typeof value === 'number' && isWithin(feature, value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'category':
      return typeof value === 'string' && isCategory(feature, value);
  }
}

function isWithin({ minimum, maximum }: NumberFeature, value: number): boolean {
  return value >= minimum && value <= maximum;
}

function isCategory({ categories, unknown, missingText }: CategoryFeature, text: string): boolean {
  const isOther = unknown === 'accept' && text !== missingText && isShortText(text) && isWholeText(text);
  return isOther || categories.includes(text);
}

/** Whether a text is not longer than MAX_CATEGORY_LENGTH. */
export function isShortText(text: string): boolean {
  return SHORT_TEXT.test(text);
}
