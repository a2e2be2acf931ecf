import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from './contender.js';
import { PEERS } from './paths.js';

interface Peer extends Contender {
  /** Packages from PyPI without which it cannot run. */
  readonly packages: readonly string[];
}

const VENV_PYTHON = join(PEERS, '.venv/bin/python');
const PYTHON = existsSync(VENV_PYTHON) ? VENV_PYTHON : 'python3';

export const FASTAPI: Peer = {
  name: 'FastAPI + scikit-learn',
  answers: 'predictions',
  command: () => [PYTHON, 'fastapi_sklearn.py'],
  workingDirectory: PEERS,
  packages: ['fastapi', 'uvicorn', 'uvloop', 'httptools', 'pydantic', 'scikit-learn', 'pandas', 'numpy'],
};

export const BENTOML: Peer = {
  name: 'BentoML + onnxruntime',
  answers: 'predictions',
  command: (port) => [
    ...[PYTHON, '-m', 'bentoml', 'serve', 'bentoml_onnx:Churn'],
    ...['--host', '127.0.0.1', '--port', String(port)],
  ],
  environment: { BENTOML_DO_NOT_TRACK: 'True', BENTOML_HOME: join(PEERS, '.bentoml') },
  workingDirectory: PEERS,
  packages: ['bentoml', 'pydantic', 'onnxruntime', 'numpy'],
};

const PEER_LIST = [FASTAPI, BENTOML];

const VERSIONS_SCRIPT = `
import importlib.metadata, json, platform, sys
versions = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))`;

/** Versions of Python and of those packages of the peers that are installed. */
export const PYTHON_VERSIONS = readVersions();

export const INSTALLED_PEERS: readonly Contender[] = PEER_LIST.filter(isInstalled);

/** One line on each peer that cannot run; empty if there is none. */
export const MISSING_PEERS: readonly string[] = PEER_LIST.filter((peer) => !isInstalled(peer)).map(
  ({ name }) => `${name} was left out: its packages are not installed (bench/README.md says how to).`,
);

function isInstalled({ packages }: Peer): boolean {
  return packages.every((name) => name in PYTHON_VERSIONS);
}

function readVersions(): Readonly<Record<string, string>> {
  const packages = new Set(PEER_LIST.flatMap((peer) => peer.packages));
  const { status, stdout } = spawnSync(PYTHON, ['-c', VERSIONS_SCRIPT, ...packages], { encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as Record<string, string>) : {};
}
