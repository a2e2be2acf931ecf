import { SERVICE, serviceWith, TELCO_SERVICE } from '../contenders.js';
import { explainedHeavySettings } from '../heavy-model.js';
import { callPatiently, closedLoop, judge, openLoop, probeLive, quantiles, warmUp } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { BOTH_CORES, inTurn, type RunningContender, SERVICE_CORE } from '../running-contender.js';

const PEAK_SECONDS = planned(4);
const SECONDS = planned(10);
const CONNECTIONS = 32;
const CALLERS = 8;
const SHARE = 0.5;
const PROBES_PER_SECOND = 20;

/** What explanations cost, and what they leave to predictions. */
export const explanations: Workload = {
  name: 'explanations',
  title: 'Explanations',
  text: `${CALLERS} callers ask for explanations, one after the other: alone; and beside single predictions that arrive at
half of the rate that ${PEAK_SECONDS} s of a closed loop at ${CONNECTIONS} connections found to be the most. An explanation may be
refused (503), after which its caller waits as long as Retry-After says, or late (504). No prediction may be either. heavy_row
takes about 10 ms a row, runs on a thread, and explains with EXPLANATION_ROWS=64. Medians of ${ROUNDS} rounds of
${SECONDS} s.`,
  async *measure() {
    for await (const running of inTurn([SERVICE], SERVICE_CORE)) {
      yield* measureBeside('bundled model', running);
    }
    for await (const running of inTurn([TELCO_SERVICE], SERVICE_CORE)) {
      yield* measureBeside('telco', running);
    }
    const settings = { ...(await explainedHeavySettings('heavy_row')), EXPLANATION_ROWS: '64' };
    for await (const running of inTurn([serviceWith(settings)], BOTH_CORES)) {
      yield* measureBeside('heavy_row', running);
    }
  },
};

async function* measureBeside(model: string, running: RunningContender): AsyncGenerator<Row> {
  const { single } = running.contender.subject;
  if (running.contender.answers === 'predictions') {
    await warmUp(running);
  }
  await explain(running, 1);
  const alone = await explain(running, SECONDS);
  const { perSecond: peak } = await closedLoop(running, {
    request: single,
    connections: CONNECTIONS,
    seconds: PEAK_SECONDS,
  });
  const plan = {
    request: single,
    isRight: await judge(running, single),
    requestsPerSecond: SHARE * peak,
    seconds: SECONDS,
    connections: CONNECTIONS,
  };
  const without = (await openLoop(running.url, plan)).latencies(200);
  const [predictions, beside, probes] = await Promise.all([
    openLoop(running.url, plan),
    explain(running, SECONDS),
    probeLive(running.url, PROBES_PER_SECOND, SECONDS),
  ]);
  const rows = (name: string, values: Readonly<Record<string, number>>): Row[] =>
    toRows(`${model}, ${name}`, SERVICE.name, values);
  yield* rows('explanations alone', { 'explanations/s': alone });
  yield* rows('predictions at half of their peak', { 'requests/s': SHARE * peak, ...quantiles(without) });
  const besides = predictions.latencies(200);
  yield* rows('predictions beside explanations', {
    'requests/s': besides.count / SECONDS,
    ...quantiles(besides),
    'p99 over p99 without (x)': besides.percentile(99) / without.percentile(99),
  });
  yield* rows('explanations beside predictions', { 'explanations/s': beside });
  yield* rows('/health/live beside both', quantiles(probes));
}

/** @returns how many explanations a second are answered */
export async function explain(running: RunningContender, seconds: number): Promise<number> {
  const { body } = running.contender.subject.single;
  return callPatiently(running.url, { method: 'POST', path: '/predict/explain', body }, CALLERS, seconds);
}
