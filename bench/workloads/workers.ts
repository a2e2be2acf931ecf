import { checkAnswers } from '../answer-check.js';
import { type RunningContender, withContender } from '../contender.js';
import { BOTH_CORES } from '../cores.js';
import { serviceWith } from '../line-up.js';
import { PLAN } from '../plan.js';
import { figure, type Report, times } from '../report.js';
import { SINGLE } from '../requests.js';
import { measureRound, ratio, Rounds } from '../rounds.js';
import { loadByWrk } from '../wrk.js';

const { rounds, warmUpSeconds, seconds } = PLAN.workers;

/** So many that each of two workers has enough to do. */
const CONNECTIONS = 128;

const TEXT = `Single predictions at ${CONNECTIONS} connections; service and wrk share both cores, so that a second worker cannot have
a core of its own, and the raw ratio says little. The accounted ratio takes the generator out: it is what two workers
would answer on two cores of their own over what one answers on one, 2 x (requests per CPU-second with 2 workers) /
(requests per CPU-second with 1), where the CPU-seconds are those of all the service's processes. Medians of ${rounds}
interleaved rounds of ${seconds} s.`;

class WorkerCount {
  readonly perSecond = new Rounds();
  readonly perCpuSecond = new Rounds();
  readonly coresUsed = new Rounds();

  constructor(readonly count: number) {}

  async measure(): Promise<void> {
    const contender = serviceWith({ WORKERS: String(this.count) });
    await measureRound([this.perSecond, this.perCpuSecond, this.coresUsed], () =>
      withContender(contender, BOTH_CORES, measureWorkers),
    );
  }
}

async function measureWorkers(running: RunningContender): Promise<number[]> {
  const load = { request: SINGLE, connections: CONNECTIONS, cores: BOTH_CORES };
  await checkAnswers(running);
  await loadByWrk(running, { ...load, seconds: warmUpSeconds });
  const result = await loadByWrk(running, { ...load, seconds });
  await checkAnswers(running);
  return [result.requestsPerSecond, result.requestsPerCpuSecond, result.cpuSeconds / seconds];
}

/** What a second process is worth. */
export async function workers(): Promise<Report> {
  const one = new WorkerCount(1);
  const two = new WorkerCount(2);
  for (let round = 0; round < rounds; round++) {
    for (const workerCount of [one, two]) {
      await workerCount.measure();
    }
  }
  const raw = ratio(two.perSecond.median, one.perSecond.median);
  const perCpuSecond = ratio(two.perCpuSecond.median, one.perCpuSecond.median);
  const accounted = perCpuSecond === undefined ? undefined : 2 * perCpuSecond;
  return {
    title: 'Workers',
    text: TEXT,
    tables: [
      [
        ['WORKERS', 'Requests/s', 'Requests per CPU-second', 'Cores in use by the service'],
        ...[one, two].map(({ count, perSecond, perCpuSecond, coresUsed }) => [
          String(count),
          figure(perSecond.median),
          figure(perCpuSecond.median),
          figure(coresUsed.median),
        ]),
        ['2 over 1', times(raw), `${times(accounted)} (accounted)`, ''],
      ],
    ],
    figures: { twoWorkersOverOne: accounted },
  };
}
