import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.js';
import { tableToMarkdown } from './report.js';

const NODE_PACKAGES = ['@nestjs/core', '@nestjs/platform-express', 'express', 'pino', 'onnxruntime-node'];

/** Where and with what the results were measured. @param otherVersions of what else took part */
export function describeMachine(otherVersions: Readonly<Record<string, string>> = {}): string {
  const cores = cpus();
  return tableToMarkdown([
    ['What', 'Value'],
    ['date', new Date().toISOString().slice(0, 10)],
    ['CPU', `${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`],
    ['RAM', `${Math.round(totalmem() / 2 ** 30)} GiB`],
    ['kernel', `${type()} ${release()}`],
    ['node', process.versions.node],
    ...NODE_PACKAGES.map((name) => [name, versionOf(name)]),
    ...Object.entries(otherVersions),
  ]);
}

function versionOf(packageName: string): string {
  const manifest = readFileSync(join(ROOT, 'node_modules', packageName, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
