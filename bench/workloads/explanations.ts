import { SERVICE, serviceWith, TELCO_SERVICE } from '../contenders.js';
import { explainedHeavySettings } from '../heavy-model.js';
import { CONNECTIONS, PEAK_SECONDS, predictAtHalfOfPeak, SECONDS } from '../half-of-peak.js';
import { callPatiently, quantiles, warmUp } from '../load.js';
import { ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { BOTH_CORES, inTurn, type RunningContender, SERVICE_CORE } from '../running-contender.js';

const CALLERS = 8;

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
  if (running.contender.answers === 'predictions') {
    await warmUp(running);
  }
  await explain(running, 1);
  const alone = await explain(running, SECONDS);
  const { alone: predictions, beside, probes, others } = await predictAtHalfOfPeak(running, [explain]);
  const rows = (name: string, values: Readonly<Record<string, number>>): Row[] =>
    toRows(`${model}, ${name}`, SERVICE.name, values);
  yield* rows('explanations alone', { 'explanations/s': alone });
  yield* rows('predictions at half of their peak', predictions);
  yield* rows('predictions beside explanations', beside);
  yield* rows('explanations beside predictions', { 'explanations/s': others[0] ?? NaN });
  yield* rows('/health/live beside both', quantiles(probes));
}

/** @returns how many explanations a second are answered */
export async function explain(running: RunningContender, seconds: number): Promise<number> {
  const { body } = running.contender.subject.single;
  return callPatiently(running.url, { method: 'POST', path: '/predict/explain', body }, CALLERS, seconds);
}
