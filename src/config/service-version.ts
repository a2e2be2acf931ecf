import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** The version of this service, which is not that of the model. The package.json beside the bundle alone states it. */
export const SERVICE_VERSION = readVersion(findPackageJSON(import.meta.url));

function readVersion(path: string | undefined): string {
  const { version } = (path === undefined ? {} : JSON.parse(readFileSync(path, 'utf8'))) as {
    version?: unknown;
  };
  if (typeof version !== 'string') {
    throw new Error('The package.json of the service is missing or has no version.');
  }
  return version;
}
