import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifests.js';
import { runTool } from './tool.js';

const KUBERNETES = 'deploy/kubernetes';
const PRODUCTION = 'overlays/production';
const KUSTOMIZE = {
  command: 'kustomize',
  installation: 'go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2',
};

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
export const predictionLog = buildWith('prediction-log');
export const grpc = buildWith('grpc');
/** Has no Deployment of its own, which KServe makes. */
export const kserve = buildWith('kserve');
export const score = buildWith('score');
export const builds: readonly Build[] = [base, production, keda, serviceMonitor, predictionLog, grpc, score];

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
  const { exitCode, stdout, stderr } = runTool(KUSTOMIZE, parameters, { folder });
  if (exitCode !== 0) {
    throw new Error(`kustomize ${parameters.join(' ')} in ${folder}: ${stderr}`);
  }
  return stdout;
}
