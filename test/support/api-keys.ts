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
