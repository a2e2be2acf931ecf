import { SERVICE, serviceWith, TELLS_VITAL_SIGNS } from '../contenders.js';
import { heavySettings } from '../heavy-model.js';
import { driftMicroseconds, metricsMicroseconds, passMicroseconds } from '../in-process.js';
import { closedLoop, probeLive, quantiles } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { type Row, toRows, type Workload } from '../rows.js';
import { BOTH_CORES, inTurn } from '../running-contender.js';
import { BUNDLED, TELCO } from '../subject.js';

const GAIN_SECONDS = planned(5);
const SATURATION_SECONDS = planned(8);
const PROBES_PER_SECOND = 50;
const CALLERS = 64;

const COST_MS = planned(1000, 100);

/** About 10 ms for a pass of one row; and about 500 ms for a full pass of 128 rows. */
const MODELS = ['heavy_row', 'heavy_pass'];
const LOADS = [
  { name: `${CALLERS} callers of single predictions`, request: BUNDLED.single, connections: CALLERS },
  { name: '8 callers of batches of 100', request: BUNDLED.batchOf(100), connections: 8 },
];

export const BATCHING = 'heavy_row';
export const SATURATED = MODELS.flatMap((model) => LOADS.map(({ name }) => saturation(model, name)));

/** Slow models: whether the service stays awake, and what sharing passes gives. */
export const heavy: Workload = {
  name: 'heavy',
  title: 'Heavy models',
  text: `Models that take long, at INFERENCE_THREADS=auto. The service may use both cores, since inference beside the
event loop is what is measured; the generator's part is small. Medians of ${ROUNDS} rounds.

The batching gain is what ${CALLERS} callers of single predictions get over HTTP over what one gets. The model itself
offers rows/s at ${CALLERS} rows a pass over rows/s at one, measured without HTTP in the same round. Under
saturation GET /health/live is asked ${PROBES_PER_SECOND} times a second, in an open loop. The event loop's delay is measured
in the service's main thread by Node's own monitor, preloaded from the benchmark.`,
  async *measure() {
    for (let round = 0; round < ROUNDS; round++) {
      yield* measureGain();
      for (const model of MODELS) {
        for (const load of LOADS) {
          yield* measureSaturated(model, load);
        }
      }
    }
  },
};

/** How cost grows with the rows. */
export const cost: Workload = {
  name: 'cost',
  title: 'How cost grows',
  text: `What rows cost inside this service on one core: in a pass (one after the other), in the metrics of a request, and in
the counts for drift. Medians of ${ROUNDS} rounds. Over HTTP a request takes
1,000,000 µs / (requests/CPU-s) of the predictions above.`,
  async *measure() {
    const rowCounts = [1, 2, 10, 50, 100, 1000, 4096];
    const rows = (what: string, rowCount: number, cost = NaN): Row[] =>
      toRows(`${what}, rows: ${rowCount}`, SERVICE.name, {
        'cost (µs)': cost,
        'cost per row (µs)': cost / rowCount,
      });
    for (let round = 0; round < ROUNDS; round++) {
      const passes = await passMicroseconds(BUNDLED.modelPath, rowCounts, COST_MS);
      yield* rowCounts.flatMap((rowCount, index) => rows('pass', rowCount, passes[index]));
      for (const rowCount of [1, 100]) {
        yield* rows('metrics', rowCount, await metricsMicroseconds(rowCount, COST_MS));
        yield* rows('drift', rowCount, await driftMicroseconds(BUNDLED.modelPath, rowCount, COST_MS));
        const telco = await driftMicroseconds(TELCO.modelPath, rowCount, COST_MS);
        yield* rows('drift of 19 features', rowCount, telco);
      }
    }
  },
};

async function* measureGain(): AsyncGenerator<Row> {
  const settings = heavySettings(BATCHING);
  const load = { request: BUNDLED.single, seconds: GAIN_SECONDS };
  for await (const running of inTurn([serviceWith(settings)], BOTH_CORES, 1)) {
    const { perSecond: one } = await closedLoop(running, { ...load, connections: 1 });
    const { perSecond: all } = await closedLoop(running, { ...load, connections: CALLERS });
    const passes = await passMicroseconds(settings.MODEL_PATH, [1, CALLERS], GAIN_SECONDS * 1000);
    const [onePass = NaN, fullPass = NaN] = passes;
    const offered = (CALLERS * onePass) / fullPass;
    yield* toRows(BATCHING, SERVICE.name, {
      'one caller requests/s': one,
      '64 callers requests/s': all,
      'gain over HTTP (x)': all / one,
      'gain that the model offers (x)': offered,
      'share of the gain': all / one / offered,
    });
  }
}

async function* measureSaturated(
  model: string,
  { name, ...load }: (typeof LOADS)[number],
): AsyncGenerator<Row> {
  // A slow machine must refuse none of the waiting batches.
  const settings = { ...heavySettings(model), REQUEST_TIMEOUT_MS: '60000' };
  const service = serviceWith(settings, TELLS_VITAL_SIGNS);
  for await (const running of inTurn([service], BOTH_CORES, 1)) {
    await running.vitalSigns(); // Forgets the start.
    const [{ perSecond }, probes] = await Promise.all([
      closedLoop(running, { ...load, seconds: SATURATION_SECONDS }),
      probeLive(running.url, PROBES_PER_SECOND, SATURATION_SECONDS),
    ]);
    const { eventLoopDelayP99Ms } = await running.vitalSigns();
    yield* toRows(saturation(model, name), SERVICE.name, {
      ...quantiles(probes, '/health/live '),
      'event-loop delay p99 (ms)': eventLoopDelayP99Ms,
      'requests/s': perSecond,
    });
  }
}

function saturation(model: string, load: string): string {
  return `${model}, ${load}`;
}
