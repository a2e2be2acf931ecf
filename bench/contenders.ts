import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Something that answers, or pretends to answer, predictions over HTTP. */
export interface Contender {
  readonly name: string;
  /** An echo answers with the body that it got; what an unverified model should answer is not known. */
  readonly answers: 'predictions' | 'echo' | 'anything';
  readonly command: (port: number) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly tellsVitalSigns?: boolean;
}

export const SERVICE = serviceWith({});
export const EMPTY_NEST = compiled('empty Nest handler', 'echo', 'empty-nest.js');
export const LOGGED_NEST = compiled('empty Nest handler with the same request log', 'echo', 'logged-nest.js');
export const BARE_ONNX = compiled('bare node:http + onnxruntime-node', 'predictions', 'bare-onnx.js');

/** @param environment settings other than the defaults */
export function serviceWith(environment: Readonly<Record<string, string>>): Contender {
  return {
    name: 'this service',
    answers: 'ALLOW_UNVERIFIED_MODEL' in environment ? 'anything' : 'predictions',
    command: () => [process.execPath, 'bundle/main.js'],
    // Nobody has to notice that it ends.
    environment: { LOG_FORMAT: 'json', SHUTDOWN_DELAY_MS: '0', ...environment },
  };
}

/** @param nodeOptions of its Node.js */
export function serviceWithVitalSigns(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Contender {
  const preload = ['--import', './bench/build/bench/vital-signs-preload.js'];
  return {
    ...serviceWith(environment),
    command: () => [process.execPath, ...nodeOptions, ...preload, 'bundle/main.js'],
    tellsVitalSigns: true,
  };
}

function compiled(name: string, answers: Contender['answers'], file: string): Contender {
  return {
    name,
    answers,
    command: () => [process.execPath, `bench/build/bench/contenders/${file}`],
    environment: { LOG_FORMAT: 'json' },
  };
}

const PEERS = 'bench/peers';
const PYTHON = existsSync(`${PEERS}/.venv/bin/python`) ? '.venv/bin/python' : 'python3';

export const FASTAPI: Contender = {
  name: 'FastAPI + scikit-learn',
  answers: 'predictions',
  command: () => [PYTHON, 'fastapi_sklearn.py'],
  workingDirectory: PEERS,
};

const BENTOML: Contender = {
  name: 'BentoML + onnxruntime',
  answers: 'predictions',
  command: (port) => [
    ...[PYTHON, '-m', 'bentoml', 'serve', 'bentoml_onnx:Churn'],
    ...['--host', '127.0.0.1', '--port', String(port)],
  ],
  environment: { BENTOML_DO_NOT_TRACK: 'True', BENTOML_HOME: '.bentoml' },
  workingDirectory: PEERS,
};

const VERSIONS_SCRIPT = `
import importlib.metadata, json, platform, re
names = re.findall("^([a-z-]+)==", open("requirements.txt").read(), re.MULTILINE)
print(json.dumps({"python": platform.python_version(), **{n: importlib.metadata.version(n) for n in names}}))`;

/** Versions of Python and the peers' packages; empty if one of them is not installed. */
export const PYTHON_VERSIONS = readVersions();
const ARE_PEERS_INSTALLED = 'python' in PYTHON_VERSIONS;

/** The Python peers that can run. */
export const PEERS_INSTALLED: readonly Contender[] = ARE_PEERS_INSTALLED ? [FASTAPI, BENTOML] : [];

/** What the results say of peers that cannot run. */
export const PEERS_MISSING = ARE_PEERS_INSTALLED
  ? ''
  : '\n\nThe Python peers were left out: not all of their packages are installed (bench/README.md says how to).';

function readVersions(): Readonly<Record<string, string>> {
  const { status, stdout } = spawnSync(PYTHON, ['-c', VERSIONS_SCRIPT], { cwd: PEERS, encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as Record<string, string>) : {};
}
