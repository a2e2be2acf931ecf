import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';

/** What an operator has to know of one setting, and what its text in the environment is turned into. */
export interface SettingDescription {
  readonly property: string;
  /** Name of the environment variable. */
  readonly name: string;
  readonly description: string;
  /** As it would stand in the environment. */
  readonly default: string;
  /** What a value may be, in words. */
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

export function IntegerSetting(options: {
  default: number;
  minimum: number;
  maximum: number;
  unit?: string;
  description: string;
}): PropertyDecorator {
  const { minimum, maximum, unit } = options;
  return setting(
    {
      description: options.description,
      default: String(options.default),
      allowed: `an integer from ${minimum} to ${maximum}${unit === undefined ? '' : ` ${unit}`}`,
      parse: (text) => (/^-?\d+$/.test(text) ? Number(text) : text),
    },
    (message) => [IsInt({ message }), Min(minimum, { message }), Max(maximum, { message })],
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
  allowed: string;
  item: (message: string) => PropertyDecorator;
  description: string;
}): PropertyDecorator {
  return setting(
    {
      description: options.description,
      default: options.default,
      allowed: options.allowed,
      parse: (text) => text.split(',').map((item) => item.trim()),
    },
    (message) => [options.item(message)],
  );
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
