import leven, { closestMatch } from 'leven';
import { settingDescriptions } from './setting.decorators.js';
import './settings.js';

const names = settingDescriptions.map(({ name }) => name);

export function isSettingName(name: string): boolean {
  return names.includes(name);
}

export function nearestSettingName(name: string): string {
  return closestMatch(name.toUpperCase(), names) ?? '';
}

/**
 * The name of a setting that differs from this one in capitals, or in one letter of six at most: NODE_PATH is not meant
 * for MODEL_PATH, nor SHOST for HOST.
 */
export function settingNameMeantBy(name: string): string | undefined {
  return isSettingName(name)
    ? undefined
    : names.find((setting) => leven(name.toUpperCase(), setting) <= setting.length / 6);
}
