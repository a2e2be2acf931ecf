import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

/** The version that package.json states. */
export const SERVICE_VERSION = version;
