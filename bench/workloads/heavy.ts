import { withContender } from '../contender.js';
import { BOTH_CORES } from '../cores.js';
import { microsecondsPerPass } from '../in-process.js';
import { serviceWith } from '../line-up.js';
import { PLAN } from '../plan.js';
import { figure, type Report, type Table, times } from '../report.js';
import { SINGLE } from '../requests.js';
import { measureRound, Rounds } from '../rounds.js';
import { SATURATIONS, Saturation } from '../saturation.js';
import { loadByWrk } from '../wrk.js';

const { rounds, throughputSeconds } = PLAN.heavy;
const CALLERS = 64;

/** About 10 ms for a pass of one row; and about 500 ms for a full pass of 128 rows. */
const MODELS = ['heavy_row', 'heavy_pass'] as const;

const TEXT = `Models that take long, at INFERENCE_THREADS=auto. The service may use both cores, since inference beside the
event loop is what is measured; the generator's part is small. Medians of ${rounds} rounds.

The batching gain is what ${CALLERS} callers of single predictions get over HTTP over what one gets. The model itself
offers rows/s at ${CALLERS} rows a pass over rows/s at one, measured inside ModelService in the same round. Under
saturation GET /health/live is asked ${PLAN.heavy.probesPerSecond} times a second, in an open loop. The event loop's delay
is measured in the service's main thread by Node's own monitor, preloaded from the benchmark.`;

/** Slow models: whether the service stays awake, and what sharing passes gives. */
export async function heavy(): Promise<Report> {
  const [oneCaller, allCallers] = [new Rounds(), new Rounds()];
  const [overHttp, offered, share] = [new Rounds(), new Rounds(), new Rounds()];
  const saturations = MODELS.flatMap((model) => SATURATIONS.map((kind) => new Saturation(model, kind)));
  for (let round = 0; round < rounds; round++) {
    await measureRound([oneCaller, allCallers, overHttp, offered, share], measureGain);
    for (const saturation of saturations) {
      await saturation.measure(settingsFor(saturation.model));
    }
  }
  return {
    title: 'Heavy models',
    text: TEXT,
    tables: [
      [
        ['heavy_row', ''],
        ['one caller', oneCaller.format((value) => figure(value, 'requests/s'))],
        [`${CALLERS} callers`, allCallers.format((value) => figure(value, 'requests/s'))],
        ['gain over HTTP', times(overHttp.median)],
        ['gain that the model offers', times(offered.median)],
        ['share of it', figure(share.median)],
      ],
      saturationTable(saturations),
    ],
    figures: {
      heavyShareOfBatchingGain: share.median,
      heavyProbeP99Ms: worst(saturations.map(({ probeP99Ms }) => probeP99Ms)),
      heavyEventLoopDelayP99Ms: worst(saturations.map(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms)),
    },
  };
}

function settingsFor(model: string): Record<string, string> {
  return {
    MODEL_PATH: `test/fixtures/models/${model}.onnx`,
    ALLOW_UNVERIFIED_MODEL: 'true',
    INFERENCE_THREADS: 'auto',
    WORKERS: '1',
  };
}

/** Requests per second of one caller and of all, their ratio, the ratio that the model offers, and the share of it. */
async function measureGain(): Promise<number[]> {
  const [one, all] = await withContender(
    serviceWith(settingsFor('heavy_row')),
    BOTH_CORES,
    async (running) => {
      const load = { request: SINGLE, seconds: throughputSeconds };
      const oneCaller = await loadByWrk(running, { ...load, connections: 1 });
      const allCallers = await loadByWrk(running, { ...load, connections: CALLERS });
      return [oneCaller.requestsPerSecond, allCallers.requestsPerSecond] as const;
    },
  );
  const offered = await measureOffered();
  return [one, all, all / one, offered, all / one / offered];
}

/** Rows per second in passes of many rows over rows per second in passes of one. */
async function measureOffered(): Promise<number> {
  const durationMs = throughputSeconds * 1000;
  const settings = settingsFor('heavy_row');
  const [one = NaN, all = NaN] = await microsecondsPerPass([1, CALLERS], durationMs, BOTH_CORES, settings);
  return CALLERS / all / (1 / one);
}

function saturationTable(saturations: readonly Saturation[]): Table {
  return [
    ['Saturated by', '/health/live p50', '/health/live p99', 'event-loop delay p99', 'Requests/s'],
    ...saturations.map((saturation) => saturation.toCells()),
  ];
}

function worst(cells: readonly Rounds[]): number | undefined {
  const medians = cells.map(({ median }) => median);
  return medians.includes(undefined) ? undefined : Math.max(...medians.map(Number));
}
