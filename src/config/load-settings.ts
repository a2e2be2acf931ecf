import { existsSync, readFileSync } from 'node:fs';
import { validateSync } from 'class-validator';
import { readEnvFile } from './env-file.js';
import { settingDescriptions } from './setting.decorators.js';
import { Settings } from './settings.js';

/** Names every setting that has a value it must not have. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Settings of this process: its environment, over the file `.env` in the working directory if there is one. */
export function loadSettings(): Settings {
  if (existsSync('.env')) {
    const { variables, faults } = readEnvFile(readNamedFile('The file .env', '.env'));
    if (faults.length > 0) {
      throw new SettingsError(`The file .env is refused: ${faults.join('; ')}.`);
    }
    for (const [name, value] of Object.entries(variables)) {
      process.env[name] ??= value;
    }
  }
  return parseSettings(process.env);
}

/** Settings of a worker: those of its supervisor, whose environment it has. It does not read `.env`, which may have changed. */
export function inheritSettings(): Settings {
  return parseSettings(process.env);
}

/**
 * @param name of the file for the operator, such as that of its setting
 * @throws {SettingsError} if it cannot be read
 */
export function readNamedFile(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new SettingsError(`${name} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * An absent or empty variable takes its setting's default.
 *
 * @throws {SettingsError} that lists all offending variables, not just the first
 */
export function parseSettings(environment: NodeJS.ProcessEnv): Settings {
  const texts = new Map(
    settingDescriptions.map(({ property, name, default: text }) => {
      const given = environment[name];
      return [property, given === undefined || given === '' ? text : given];
    }),
  );
  const settings: Settings = Object.assign(
    new Settings(),
    Object.fromEntries(
      settingDescriptions.map(({ property, parse }) => [property, parse(texts.get(property) ?? '')]),
    ),
  );
  const problems = validateSync(settings, { stopAtFirstError: true }).map(
    ({ property, constraints = {} }) =>
      `${Object.values(constraints)[0] ?? property}, but is ${JSON.stringify(texts.get(property))}`,
  );
  if (problems.length > 0) {
    throw new SettingsError(`Invalid settings: ${problems.join('; ')}`);
  }
  return settings;
}
