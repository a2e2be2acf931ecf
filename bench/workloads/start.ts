import { EMPTY_NEST, SERVICE } from '../contenders.js';
import { SERVICE_CORE } from '../cores.js';
import { PLAN } from '../plan.js';
import { toRows, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';

export const FIRST_PREDICTION = 'start of the process to its first answered prediction';

/** How long a start takes. */
export const start: Workload = {
  name: 'start',
  title: 'Start to ready',
  text: `Medians of ${PLAN.start.rounds} interleaved starts on one core; in brackets, this service over the empty one.`,
  async *measure() {
    for (let round = 0; round < PLAN.start.rounds; round++) {
      for (const contender of [SERVICE, EMPTY_NEST]) {
        await using running = await RunningContender.start(contender, SERVICE_CORE);
        yield* toRows(FIRST_PREDICTION, contender.name, { 'start (ms)': running.startMs });
      }
    }
  },
};
