import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HttpRequest } from './http-connection.js';
import { BUNDLED, type Subject, TELCO } from './subject.js';

/** Something that answers, or pretends to answer, predictions over HTTP. */
export interface Contender {
  readonly name: string;
  /** An echo answers with the body that it got; what an unverified model should answer is not known. */
  readonly answers: 'predictions' | 'echo' | 'anything';
  /** The model that it serves, and is asked about. */
  readonly subject: Subject;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Is answered with 200 once it is ready, where that is no prediction. */
  readonly probe?: HttpRequest;
}

const NODE = process.execPath;
/** As the image and `npm start` have it. */
const YOUNG_GENERATION = '--max-semi-space-size=16';
const COMPILED = 'bench/build/bench';
const PYTHON = existsSync('bench/peers/.venv') ? 'bench/peers/.venv/bin/python' : 'python3';

export const SERVICE = serviceWith({});
export const EMPTY_NEST: Contender = {
  name: 'empty Nest handler',
  answers: 'echo',
  subject: BUNDLED,
  command: [NODE, `${COMPILED}/contenders/nest.js`],
};
export const BARE_ONNX = bareOnnx(BUNDLED);
export const FASTAPI = fastApi(BUNDLED);

export const TELCO_SERVICE: Contender = { ...serviceWith({ MODEL_PATH: TELCO.modelPath }), subject: TELCO };
export const TELCO_BARE_ONNX = bareOnnx(TELCO);
export const TELCO_FASTAPI = fastApi(TELCO);

/** @param environment settings other than the defaults @param nodeOptions of its Node.js */
export function serviceWith(
  environment: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Contender {
  return {
    name: 'this service',
    answers: 'ALLOW_UNVERIFIED_MODEL' in environment ? 'anything' : 'predictions',
    subject: BUNDLED,
    command: [NODE, YOUNG_GENERATION, ...nodeOptions, 'bundle/main.js'],
    // Nobody has to notice that it ends.
    environment: { LOG_FORMAT: 'json', SHUTDOWN_DELAY_MS: '0', ...environment },
  };
}

/** The service behind a queue, where HAProxy is installed. */
export const BEHIND_HAPROXY: readonly Contender[] =
  spawnSync('haproxy', ['-v']).status === 0
    ? [{ ...SERVICE, name: 'behind HAProxy', command: [NODE, `${COMPILED}/contenders/behind-haproxy.js`] }]
    : [];

/** Options with which the service's Node.js tells its vital signs. */
export const TELLS_VITAL_SIGNS = ['--expose-gc', '--import', `./${COMPILED}/vital-signs-preload.js`];

function bareOnnx(subject: Subject): Contender {
  return {
    name: 'bare node:http + onnxruntime-node',
    answers: 'predictions',
    subject,
    command: [NODE, `${COMPILED}/contenders/bare-onnx.js`, subject.modelPath],
  };
}

function fastApi(subject: Subject): Contender {
  const app = subject === TELCO ? 'telco' : 'churn';
  return {
    name: 'FastAPI + scikit-learn',
    answers: 'predictions',
    subject,
    command: [PYTHON, `bench/peers/fastapi_${app}.py`],
    environment: { PYTHONPATH: 'models/training/examples' },
  };
}

const MLSERVER_PYTHON = 'bench/peers/inference_protocol/.venv/bin/python';
const MLSERVER: Contender = {
  name: 'MLServer + onnxruntime',
  answers: 'anything',
  subject: BUNDLED,
  command: [MLSERVER_PYTHON, 'bench/peers/inference_protocol/mlserver_churn.py'],
  probe: { method: 'GET', path: '/v2/health/ready' },
};

/** Peers that speak the Open Inference Protocol, if they are installed. */
export const TENSOR_PEERS: readonly Contender[] = existsSync(MLSERVER_PYTHON) ? [MLSERVER] : [];

const VERSIONS_SCRIPT = `
import importlib.metadata, json, platform, re
names = re.findall("^([a-z-]+)==", open("bench/peers/requirements.txt").read(), re.MULTILINE)
print(json.dumps({"python": platform.python_version(), **{n: importlib.metadata.version(n) for n in names}}))`;
const { status, stdout } = spawnSync(PYTHON, ['-c', VERSIONS_SCRIPT], { encoding: 'utf8' });

/** Versions of Python and the peers' packages; empty if one of them is not installed. */
export const PYTHON_VERSIONS = status === 0 ? (JSON.parse(stdout) as Record<string, string>) : {};

/** The Python peers that can run. */
export const PEERS: readonly Contender[] = status === 0 ? [FASTAPI] : [];
export const TELCO_PEERS: readonly Contender[] = status === 0 ? [TELCO_FASTAPI] : [];
