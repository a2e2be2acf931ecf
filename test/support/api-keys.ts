import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const CRM_KEY = 'cmk_crm-a-long-enough-key';
export const APP_KEY = 'cmk_app-another-key';

export function keyEntry(name: string, key: string): string {
  return `${name}:${createHash('sha256').update(key).digest('hex')}`;
}

/** A setting with both keys. */
export const API_KEYS = `${keyEntry('crm', CRM_KEY)}, ${keyEntry('app', APP_KEY)}`;
/** The headers of a caller with the key of the CRM. */
export const BEARER = { Authorization: `Bearer ${CRM_KEY}` };

/**
 * Writes a file of keys, which is removed after the test.
 *
 * @returns its path
 */
export function writeKeysFile(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'churn-keys-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, 'api-keys');
  writeFileSync(path, text);
  return path;
}
