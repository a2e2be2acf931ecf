import { checkAnswers } from '../answer-check.js';
import { SERVICE, serviceWith } from '../contenders.js';
import { BOTH_CORES } from '../cores.js';
import { PLAN } from '../plan.js';
import { SINGLE } from '../requests.js';
import { measured, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { loadByWrk } from '../wrk.js';

const { rounds, warmUpSeconds, seconds } = PLAN.workers;
/** So many that each of two workers has enough to do. */
const CONNECTIONS = 128;

/** What a second process is worth. */
export const workers: Workload = {
  name: 'workers',
  title: 'Workers',
  text: `Single predictions at ${CONNECTIONS} connections; service and wrk share both cores, so that a second worker cannot
have a core of its own, and the ratio of requests/s says little. The accounted ratio, which is the goal's, takes the
generator out: it is what two workers would answer on two cores of their own over what one answers on one, 2 x
(requests/CPU-s with 2 workers) / (requests/CPU-s with 1), where the CPU-seconds are those of all the service's processes.
Medians of ${rounds} interleaved rounds of ${seconds} s.`,
  async *measure() {
    for (let round = 0; round < rounds; round++) {
      for (const count of ['1', '2']) {
        await using running = await RunningContender.start(serviceWith({ WORKERS: count }), BOTH_CORES);
        yield* await measured(`WORKERS=${count}`, SERVICE.name, async () => {
          const load = { request: SINGLE, connections: CONNECTIONS, cores: BOTH_CORES };
          await checkAnswers(running);
          await loadByWrk(running, { ...load, seconds: warmUpSeconds });
          const result = await loadByWrk(running, { ...load, seconds });
          await checkAnswers(running);
          return {
            'requests/s': result.requestsPerSecond,
            'requests/CPU-s': result.requestsPerCpuSecond,
            'cores in use': result.cpuSeconds / seconds,
          };
        });
      }
    }
  },
};
