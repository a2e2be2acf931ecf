import { checkAnswers } from '../answer-check.js';
import {
  BARE_ONNX,
  EMPTY_NEST,
  LOGGED_NEST,
  PEERS_INSTALLED,
  PEERS_MISSING,
  SERVICE,
} from '../contenders.js';
import { SERVICE_CORE } from '../cores.js';
import { PLAN } from '../plan.js';
import { batchOf, SINGLE } from '../requests.js';
import { measured, type Row, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { loadByWrk, warmUp } from '../wrk.js';

const { rounds, warmUpSeconds, seconds } = PLAN.predictions;

export const SINGLE_32 = 'single, 32 connections';
export const BATCH_100 = 'batch of 100, 8 connections';

const CASES = [
  { name: 'single, 1 connection', request: SINGLE, connections: 1 },
  { name: SINGLE_32, request: SINGLE, connections: 32 },
  { name: 'single, 256 connections', request: SINGLE, connections: 256 },
  ...[1, 2, 10, 50].map((rowCount) => ({
    name: `batch of ${rowCount}, 8 connections`,
    request: batchOf(rowCount),
    connections: 8,
  })),
  { name: BATCH_100, request: batchOf(100), connections: 8 },
];

/** Contenders side by side. */
export const predictions: Workload = {
  name: 'predictions',
  title: 'Predictions',
  text: `Closed loop: each connection sends its next request when its answer is there. Medians of ${rounds} rounds; in
brackets, this service's figure over the other's. In each round every contender is started anew and warmed up. Then each
case is measured for ${seconds} s by wrk, contender after contender. wrk checks the status and text of each answer, and all
golden rows are checked before and after each measurement. The empty Nest handlers echo the body: the framework's work and
no other. The second table divides by the processor time that the contender took instead of the time that passed: it tells
what a request costs even if the machine is not quiet.${PEERS_MISSING}`,
  async *measure() {
    for (let round = 0; round < rounds; round++) {
      yield* measureRound();
    }
  },
};

async function* measureRound(): AsyncGenerator<Row> {
  await using stack = new AsyncDisposableStack();
  const all: RunningContender[] = [];
  for (const contender of [SERVICE, EMPTY_NEST, LOGGED_NEST, BARE_ONNX, ...PEERS_INSTALLED]) {
    const running = stack.use(await RunningContender.start(contender, SERVICE_CORE));
    all.push(running);
    await warmUp(running, warmUpSeconds);
  }
  for (const { name, request, connections } of CASES) {
    for (const running of all) {
      yield* await measured(name, running.contender.name, async () => {
        await checkAnswers(running);
        const load = await loadByWrk(running, { request, connections, seconds });
        await checkAnswers(running);
        return { 'requests/s': load.requestsPerSecond, 'requests/CPU-s': load.requestsPerCpuSecond };
      });
    }
  }
}
