import { SERVICE, serviceWith, serviceWithVitalSigns } from '../contenders.js';
import { BOTH_CORES } from '../cores.js';
import { probeLive } from '../open-loop.js';
import { PLAN } from '../plan.js';
import { batchOf, SINGLE } from '../requests.js';
import { measured, type Values, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { type ClosedLoop, loadByWrk } from '../wrk.js';
import { microsecondsOf } from './cost.js';

const { rounds, throughputSeconds, saturationSeconds, probesPerSecond } = PLAN.heavy;
const CALLERS = 64;

export const BATCHING = 'heavy_row';

/** About 10 ms for a pass of one row; and about 500 ms for a full pass of 128 rows. */
const MODELS = ['heavy_row', 'heavy_pass'];
const LOADS = [
  { name: `${CALLERS} callers of single predictions`, request: SINGLE, connections: CALLERS },
  { name: '8 callers of batches of 100', request: batchOf(100), connections: 8 },
];
const SATURATIONS = MODELS.flatMap((model) =>
  LOADS.map(({ name, ...load }) => ({
    name: `${model}, ${name}`,
    model,
    load: { ...load, seconds: saturationSeconds },
  })),
);
export const SATURATED = SATURATIONS.map(({ name }) => name);

/** Slow models: whether the service stays awake, and what sharing passes gives. */
export const heavy: Workload = {
  name: 'heavy',
  title: 'Heavy models',
  text: `Models that take long, at INFERENCE_THREADS=auto. The service may use both cores, since inference beside the
event loop is what is measured; the generator's part is small. Medians of ${rounds} rounds.

The batching gain is what ${CALLERS} callers of single predictions get over HTTP over what one gets. The model itself
offers rows/s at ${CALLERS} rows a pass over rows/s at one, measured inside ModelService in the same round. Under
saturation GET /health/live is asked ${probesPerSecond} times a second, in an open loop. The event loop's delay is measured
in the service's main thread by Node's own monitor, preloaded from the benchmark.`,
  async *measure() {
    for (let round = 0; round < rounds; round++) {
      yield* await measured(BATCHING, SERVICE.name, measureGain);
      for (const { name, model, load } of SATURATIONS) {
        yield* await measured(name, SERVICE.name, () => measureSaturated(model, load));
      }
    }
  },
};

export function heavySettings(model: string): Record<string, string> {
  return { MODEL_PATH: `test/fixtures/models/${model}.onnx`, ALLOW_UNVERIFIED_MODEL: 'true' };
}

async function measureGain(): Promise<Values> {
  const settings = heavySettings('heavy_row');
  const [one, all] = await measureThroughput(settings);
  const durationMs = throughputSeconds * 1000;
  const passes = await microsecondsOf('pass', [1, CALLERS], durationMs, BOTH_CORES, settings);
  const [onePass = NaN, fullPass = NaN] = passes;
  const offered = (CALLERS * onePass) / fullPass;
  return {
    'one caller requests/s': one,
    '64 callers requests/s': all,
    'gain over HTTP (x)': all / one,
    'gain that the model offers (x)': offered,
    'share of the gain': all / one / offered,
  };
}

async function measureThroughput(settings: Readonly<Record<string, string>>): Promise<[number, number]> {
  await using running = await RunningContender.start(serviceWith(settings), BOTH_CORES);
  const load = { request: SINGLE, seconds: throughputSeconds };
  const one = await loadByWrk(running, { ...load, connections: 1 });
  const all = await loadByWrk(running, { ...load, connections: CALLERS });
  return [one.requestsPerSecond, all.requestsPerSecond];
}

async function measureSaturated(model: string, load: ClosedLoop): Promise<Values> {
  const service = serviceWithVitalSigns(heavySettings(model));
  await using running = await RunningContender.start(service, BOTH_CORES);
  await running.vitalSigns(); // Forgets the start.
  const [{ requestsPerSecond }, probes] = await Promise.all([
    loadByWrk(running, load),
    probeLive(running.url, probesPerSecond, load.seconds),
  ]);
  const { eventLoopDelayP99Ms } = await running.vitalSigns();
  return {
    '/health/live p50 (ms)': probes.p50Ms,
    '/health/live p99 (ms)': probes.p99Ms,
    'event-loop delay p99 (ms)': eventLoopDelayP99Ms,
    'requests/s': requestsPerSecond,
  };
}
