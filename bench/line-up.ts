import { join } from 'node:path';
import type { Contender } from './contender.js';
import { COMPILED, ROOT } from './paths.js';
import { INSTALLED_PEERS } from './peers.js';

export const SERVICE = serviceWith({});
export const EMPTY_NEST = compiled('empty Nest handler', 'echo', 'empty-nest.js');
export const LOGGED_NEST = compiled('empty Nest handler with the same request log', 'echo', 'logged-nest.js');
export const BARE_ONNX = compiled('bare node:http + onnxruntime-node', 'predictions', 'bare-onnx.js');

/** All that are measured side by side. */
export const LINE_UP: readonly Contender[] = [
  SERVICE,
  EMPTY_NEST,
  LOGGED_NEST,
  BARE_ONNX,
  ...INSTALLED_PEERS,
];

/** @param environment settings other than the defaults @param nodeOptions of its Node.js */
export function serviceWith(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Contender {
  return {
    name: 'this service',
    answers: 'ALLOW_UNVERIFIED_MODEL' in environment ? 'predictions of an unverified model' : 'predictions',
    command: () => [process.execPath, ...nodeOptions, 'bundle/main.js'],
    // Nobody has to notice that it ends.
    environment: { LOG_FORMAT: 'json', SHUTDOWN_DELAY_MS: '0', ...environment },
    workingDirectory: ROOT,
  };
}

function compiled(name: string, answers: Contender['answers'], file: string): Contender {
  return {
    name,
    answers,
    command: () => [process.execPath, join(COMPILED, 'contenders', file)],
    environment: { LOG_FORMAT: 'json' },
    workingDirectory: ROOT,
  };
}
