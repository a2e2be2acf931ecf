import {
  BARE_ONNX,
  type Contender,
  EMPTY_NEST,
  LOGGED_NEST,
  PEERS,
  SERVICE,
  serviceWith,
} from '../contenders.js';
import { closedLoop, warmUp } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { batchOf, SINGLE } from '../requests.js';
import { toRows, type Workload } from '../rows.js';
import { BOTH_CORES, inTurn, RunningContender, SERVICE_CORE } from '../running-contender.js';

const CONTENDERS: readonly Contender[] = [SERVICE, EMPTY_NEST, LOGGED_NEST, BARE_ONNX, ...PEERS];

const CASES = [
  ...[1, 32, 256].map((connections) => ({ name: singleAt(connections), request: SINGLE, connections })),
  ...[2, 10, 100].map((rows) => ({ name: batchCase(rows), request: batchOf(rows), connections: 8 })),
];
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
case is measured for ${CASE_SECONDS} s, contender after contender. The empty Nest handlers echo the body: the framework's
work and no other. The second table divides by the processor time that the contender took instead of the time that passed:
it tells what a request costs even if the machine is not quiet.`,
  async *measure() {
    for (let round = 0; round < ROUNDS; round++) {
      await using stack = new AsyncDisposableStack();
      const all: RunningContender[] = [];
      for (const contender of CONTENDERS) {
        const running = stack.use(await RunningContender.start(contender, SERVICE_CORE));
        all.push(running);
        await warmUp(running);
      }
      for (const { name, ...load } of CASES) {
        for (const running of all) {
          const result = await closedLoop(running, { ...load, seconds: CASE_SECONDS });
          yield* toRows(name, running.contender.name, {
            'requests/s': result.perSecond,
            'requests/CPU-s': result.perCpuSecond,
          });
        }
      }
    }
  },
};

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
      const load = { request: SINGLE, connections: WORKERS_CONNECTIONS, seconds: WORKERS_SECONDS };
      const result = await closedLoop(running, load);
      yield* toRows(`WORKERS=${running.contender.environment?.['WORKERS'] ?? ''}`, SERVICE.name, {
        'requests/s': result.perSecond,
        'requests/CPU-s': result.perCpuSecond,
        'cores in use': result.cpuSeconds / WORKERS_SECONDS,
      });
    }
  },
};

export function singleAt(connections: number): string {
  return `single, ${connections} connection${connections === 1 ? '' : 's'}`;
}

export function batchCase(rowCount: number): string {
  return `batch of ${rowCount}, 8 connections`;
}
