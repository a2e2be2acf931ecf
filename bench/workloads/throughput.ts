import {
  BARE_ONNX,
  type Contender,
  EMPTY_NEST,
  PEERS,
  SERVICE,
  serviceWith,
  TELCO_BARE_ONNX,
  TELCO_PEERS,
  TELCO_SERVICE,
} from '../contenders.js';
import { closedLoop, warmUp } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { BUNDLED, type PredictionRequest, type Subject, TELCO } from '../subject.js';
import { BOTH_CORES, inTurn, RunningContender, SERVICE_CORE } from '../running-contender.js';

const CONTENDERS: readonly Contender[] = [SERVICE, EMPTY_NEST, BARE_ONNX, ...PEERS];

const TELCO_CONTENDERS: readonly Contender[] = [TELCO_SERVICE, TELCO_BARE_ONNX, ...TELCO_PEERS];

interface Case {
  readonly name: string;
  readonly request: (subject: Subject) => PredictionRequest;
  readonly connections: number;
}

const CASES = [...[1, 32, 256].map(singleCase), ...[2, 10, 100].map(batchCase)];
const TELCO_CASES = [singleCase(32), batchCase(100)];
const CASE_SECONDS = planned(2);

const WORKERS_SECONDS = planned(6);
/** So many that each of two workers has enough to do. */
const WORKERS_CONNECTIONS = 128;

/** Contenders side by side. */
export const predictions: Workload = {
  name: 'predictions',
  title: 'Predictions',
  text: `Closed loop: each connection sends its next request when its answer is there. Medians of ${ROUNDS} rounds; in
brackets, this service's figure over the other's. In each round every contender is started anew and warmed up. Then each
case is measured for ${CASE_SECONDS} s, contender after contender. The empty Nest handler echoes the body: the framework's
work and no other. The second table divides by the processor time that the contender took instead of the time that passed:
it tells what a request costs even if the machine is not quiet.`,
  measure: () => measureSideBySide(CONTENDERS, CASES),
};

/** The same for mixed features. */
export const telco: Workload = {
  name: 'telco',
  title: 'Mixed features',
  text: `The telco model: 19 numbers, booleans and texts, some of them missing, and boosted trees. FastAPI runs the
scikit-learn Pipeline that the graph was exported from, on a pandas DataFrame. Measured as above.`,
  measure: () => measureSideBySide(TELCO_CONTENDERS, TELCO_CASES),
};

async function* measureSideBySide(
  contenders: readonly Contender[],
  cases: readonly Case[],
): AsyncGenerator<Row> {
  for (let round = 0; round < ROUNDS; round++) {
    await using stack = new AsyncDisposableStack();
    const all: RunningContender[] = [];
    for (const contender of contenders) {
      const running = stack.use(await RunningContender.start(contender, SERVICE_CORE));
      all.push(running);
      await warmUp(running);
    }
    for (const { name, request, connections } of cases) {
      for (const running of all) {
        const { name: contender, subject } = running.contender;
        const load = { request: request(subject), connections, seconds: CASE_SECONDS };
        const result = await closedLoop(running, load);
        yield* toRows(subject === TELCO ? inTelco(name) : name, contender, {
          'requests/s': result.perSecond,
          'requests/CPU-s': result.perCpuSecond,
        });
      }
    }
  }
}

/** What a second process is worth. */
export const workers: Workload = {
  name: 'workers',
  title: 'Workers',
  text: `Single predictions at ${WORKERS_CONNECTIONS} connections. The service may use both cores, and the load takes of the
second what it needs, so that the ratio of requests/s says little. The accounted ratio, which is the goal's, is what two
workers would answer on two cores of their own over what one answers on one: 2 x (requests/CPU-s with 2 workers) /
(requests/CPU-s with 1), where the CPU-seconds are those of all the service's processes. Medians of ${ROUNDS} interleaved
rounds of ${WORKERS_SECONDS} s.`,
  async *measure() {
    const contenders = ['1', '2'].map((count) => serviceWith({ WORKERS: count }));
    for await (const running of inTurn(contenders, BOTH_CORES)) {
      await warmUp(running);
      const load = { request: BUNDLED.single, connections: WORKERS_CONNECTIONS, seconds: WORKERS_SECONDS };
      const result = await closedLoop(running, load);
      yield* toRows(`WORKERS=${running.contender.environment?.['WORKERS'] ?? ''}`, SERVICE.name, {
        'requests/s': result.perSecond,
        'requests/CPU-s': result.perCpuSecond,
        'cores in use': result.cpuSeconds / WORKERS_SECONDS,
      });
    }
  },
};

function singleCase(connections: number): Case {
  return { name: singleAt(connections), request: ({ single }) => single, connections };
}

function batchCase(rowCount: number): Case {
  return { name: batchesOf(rowCount), request: (subject) => subject.batchOf(rowCount), connections: 8 };
}

export function singleAt(connections: number): string {
  return `single, ${connections} connection${connections === 1 ? '' : 's'}`;
}

export function batchesOf(rowCount: number): string {
  return `batch of ${rowCount}, 8 connections`;
}

/** A case of the telco model, whose figures are others than those of the bundled one. */
export function inTelco(caseName: string): string {
  return `telco, ${caseName}`;
}
