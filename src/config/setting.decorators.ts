import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';

/** One setting for an operator, and how its text in the environment is parsed. */
export interface SettingDescription {
  readonly property: string;
  /** Name of the environment variable. */
  readonly name: string;
  readonly description: string;
  /** As it would stand in the environment. */
  readonly default: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  readonly parse: (text: string) => unknown;
}

const descriptions: SettingDescription[] = [];

/** Every setting, in the order in which the class states them. */
export const settingDescriptions: readonly SettingDescription[] = descriptions;

export function TextSetting(options: { default: string; description: string }): PropertyDecorator {
  return setting({ ...options, allowed: 'text', parse: (text) => text }, (message) => [
    IsString({ message }),
    IsNotEmpty({ message }),
  ]);
}

/** A text that may be absent. Any is taken here, and so none is shown in a message: it may hold a secret. */
export function OptionalTextSetting(options: { allowed: string; description: string }): PropertyDecorator {
  return setting({ ...options, default: '', parse: (text) => text }, () => []);
}

/** The URL of another service, which may be absent. */
export function OptionalUrlSetting(options: { description: string }): PropertyDecorator {
  return setting(
    { ...options, default: '', allowed: 'a URL such as http://collector:4318', parse: (text) => text },
    (message) => [Matches(/^(https?:\/\/[^\s/]+\S*)?$/, { message })],
  );
}

interface IntegerBounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit?: string;
}

export function IntegerSetting(
  options: IntegerBounds & { default: number; description: string },
): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: String(options.default),
      allowed: integerFrom(options),
      parse: parseInteger,
    },
    (message) => integerConstraints(options, message),
  );
}

/** An integer, or the word `auto`, with which the service decides. */
export function AutoIntegerSetting(
  options: IntegerBounds & { default: number | 'auto'; description: string },
): PropertyDecorator {
  return wordOrIntegerSetting('auto', options);
}

/** An integer, or the word `off`, with which there is no such thing. */
export function OffIntegerSetting(
  options: IntegerBounds & { default: number | 'off'; description: string },
): PropertyDecorator {
  return wordOrIntegerSetting('off', options);
}

function wordOrIntegerSetting(
  word: string,
  options: IntegerBounds & { default: number | string; description: string },
): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: String(options.default),
      allowed: `${word} or ${integerFrom(options)}`,
      parse: parseInteger,
    },
    (message) => [ValidateIf((_, value) => value !== word), ...integerConstraints(options, message)],
  );
}

/** A share, such as 0.1 for a tenth. */
export function ShareSetting(options: { default: number; description: string }): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: String(options.default),
      allowed: 'a number from 0 to 1',
      parse: (text) => (/^\d*\.?\d+$/.test(text) ? Number(text) : text),
    },
    (message) => [IsNumber({}, { message }), Min(0, { message }), Max(1, { message })],
  );
}

export function BooleanSetting(options: { default: boolean; description: string }): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: String(options.default),
      allowed: 'true or false',
      parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
    },
    (message) => [IsBoolean({ message })],
  );
}

export function ChoiceSetting(options: {
  default: string;
  choices: readonly string[];
  description: string;
}): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: options.default,
      allowed: `one of ${options.choices.join(', ')}`,
      parse: (text) => text,
    },
    (message) => [IsIn(options.choices, { message })],
  );
}

export function ListSetting(options: {
  default: string;
  /** The word for an empty list, where an absent one is not empty. */
  none?: string;
  allowed: string;
  item: (message: string) => PropertyDecorator;
  description: string;
}): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: options.default,
      allowed: options.allowed,
      parse: (text) =>
        text === '' || text === options.none ? [] : text.split(',').map((item) => item.trim()),
    },
    (message) => [options.item(message)],
  );
}

function integerFrom({ minimum, maximum, unit }: IntegerBounds): string {
  return `an integer from ${minimum} to ${maximum}${unit === undefined ? '' : ` ${unit}`}`;
}

function integerConstraints({ minimum, maximum }: IntegerBounds, message: string): PropertyDecorator[] {
  return [IsInt({ message }), Min(minimum, { message }), Max(maximum, { message })];
}

function parseInteger(text: string): unknown {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function setting(
  options: Omit<SettingDescription, 'property' | 'name'>,
  constraints: (message: string) => PropertyDecorator[],
): PropertyDecorator {
  return (target, key) => {
    const property = String(key);
    const name = property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    descriptions.push({ property, name, ...options });
    for (const constraint of constraints(`${name} must be ${options.allowed}`)) {
      constraint(target, key);
    }
  };
}
