import type { RecordableHistogram } from 'node:perf_hooks';
import { closedLoop, judge, openLoop, probeLive, quantiles } from './load.js';
import { planned } from './plan.js';
import type { RunningContender } from './running-contender.js';

export const PEAK_SECONDS = planned(4);
export const SECONDS = planned(10);
export const CONNECTIONS = 32;
const SHARE = 0.5;
const PROBES_PER_SECOND = 20;

type Figures = Readonly<Record<string, number>>;

export interface BesideOthers {
  readonly alone: Figures;
  readonly beside: Figures;
  readonly probes: RecordableHistogram;
  /** What the others resolved to, in their order. */
  readonly others: readonly number[];
}

/**
 * Sends single predictions at half of the peak: alone, and beside others. All is sent together before it is measured, since V8 compiles
 * anew what others use too.
 */
export async function predictAtHalfOfPeak(
  running: RunningContender,
  others: readonly ((running: RunningContender, seconds: number) => Promise<number>)[],
): Promise<BesideOthers> {
  const { single } = running.contender.subject;
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
  const probed = (): Promise<RecordableHistogram> => probeLive(running.url, PROBES_PER_SECOND, SECONDS);
  const startOthers = (): Promise<number>[] => others.map((other) => other(running, SECONDS));
  await Promise.all([openLoop(running.url, plan), probed(), ...startOthers()]);
  const alone = (await openLoop(running.url, plan)).latencies(200);
  const [predictions, probes, ...got] = await Promise.all([
    openLoop(running.url, plan),
    probed(),
    ...startOthers(),
  ]);
  const beside = predictions.latencies(200);
  return {
    alone: { 'requests/s': SHARE * peak, ...quantiles(alone) },
    beside: {
      'requests/s': beside.count / SECONDS,
      ...quantiles(beside),
      'p99 over p99 without (x)': beside.percentile(99) / alone.percentile(99),
    },
    probes,
    others: got,
  };
}
