import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifests.js';

const KUBERNETES = 'deploy/kubernetes';
const PRODUCTION = 'overlays/production';
const INSTALLATION = 'go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2';

/** What `kustomize build` makes of a folder. */
export interface Build {
  readonly name: string;
  readonly yaml: string;
  readonly manifests: readonly Manifest[];
}

export const base = build('base', join(KUBERNETES, 'base'));
export const production = build('production', join(KUBERNETES, PRODUCTION));
export const keda = buildWith('keda');
export const serviceMonitor = buildWith('service-monitor');
export const builds: readonly Build[] = [base, production, keda, serviceMonitor];

function build(name: string, folder: string): Build {
  const yaml = kustomize(folder, ['build', '.']);
  return { name, yaml, manifests: parseAllDocuments(yaml).map((document) => document.toJS() as Manifest) };
}

/** The production overlay after the command by which docs/kubernetes.md adds a component. */
function buildWith(component: string): Build {
  const copy = mkdtempSync(join(tmpdir(), 'churn-kubernetes-'));
  try {
    cpSync(KUBERNETES, copy, { recursive: true });
    const overlay = join(copy, PRODUCTION);
    kustomize(overlay, ['edit', 'add', 'component', `../../components/${component}`]);
    return build(`production with ${component}`, overlay);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function kustomize(folder: string, parameters: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync('kustomize', parameters, {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error !== undefined) {
    throw new Error(`These tests need kustomize 5. To install it: ${INSTALLATION}`, { cause: error });
  }
  if (status !== 0) {
    throw new Error(`kustomize ${parameters.join(' ')} in ${folder}: ${stderr}`);
  }
  return stdout;
}
