import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { type Service, startService } from '../support/service.js';
import { type Manifest, one } from './manifests.js';

/** The settings of a pod, as its ConfigMap has them. */
export function settingsOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  return one(manifests, 'ConfigMap').data;
}

/**
 * Starts the built service with the environment of a pod. Each volume of the pod is a folder, that of the Secret with
 * `secretFiles`, and each port is any free one.
 */
export async function startPod(
  manifests: readonly Manifest[],
  secretFiles: Readonly<Record<string, string>> = { 'api-keys': keyEntry('crm', CRM_KEY) },
): Promise<Service> {
  const [container] = one(manifests, 'Deployment').spec.template.spec.containers;
  const folders = container.volumeMounts.map(({ name, mountPath }) => {
    const folder = mkdtempSync(join(tmpdir(), 'churn-volume-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    for (const [file, text] of Object.entries(name === 'api-keys' ? secretFiles : {})) {
      writeFileSync(join(folder, file), text);
    }
    return { mountPath, folder };
  });
  const inFolders = (value: string): string =>
    folders.reduce((path, { mountPath, folder }) => path.replace(mountPath, folder), value);
  const variables = Object.entries(settingsOf(manifests)).map(([name, value]) => [
    name,
    name.endsWith('PORT') ? '0' : inFolders(value),
  ]);
  return startService({ ...(Object.fromEntries(variables) as Record<string, string>), PORT: '0' });
}
