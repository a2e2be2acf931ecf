/** The windows of a report, the shortest first. */
export const WINDOWS = [
  { name: '1h', ms: 3_600_000 },
  { name: '24h', ms: 24 * 3_600_000 },
] as const;

export const WINDOW_NAMES = WINDOWS.map(({ name }) => name);

export type WindowName = (typeof WINDOWS)[number]['name'];

export const LONGEST_WINDOW_MS = Math.max(...WINDOWS.map(({ ms }) => ms));
