import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withContender } from './contender.js';
import { BOTH_CORES } from './cores.js';
import { openLoop } from './open-loop.js';
import { PLAN } from './plan.js';
import { figure } from './report.js';
import { batchOf, SINGLE } from './requests.js';
import { measureRound, Rounds } from './rounds.js';
import { readVitalSigns, serviceWithVitalSigns } from './vital-signs.js';
import { loadByWrk } from './wrk.js';

const { saturationSeconds, probesPerSecond } = PLAN.heavy;

/** Enough for probes that wait. */
const PROBE_CONNECTIONS = 32;

/** Ways to keep a model busy. */
export const SATURATIONS = [
  { name: '64 callers of single predictions', request: SINGLE, connections: 64 },
  { name: '8 callers of batches of 100', request: batchOf(100), connections: 8 },
] as const;

/** How awake the service is while a model is saturated. */
export class Saturation {
  readonly probeP50Ms = new Rounds();
  readonly probeP99Ms = new Rounds();
  readonly eventLoopDelayP99Ms = new Rounds();
  readonly requestsPerSecond = new Rounds();

  constructor(
    readonly model: string,
    readonly load: (typeof SATURATIONS)[number],
  ) {}

  async measure(settings: Readonly<Record<string, string>>): Promise<void> {
    const { probeP50Ms, probeP99Ms, eventLoopDelayP99Ms, requestsPerSecond } = this;
    await measureRound([probeP50Ms, probeP99Ms, eventLoopDelayP99Ms, requestsPerSecond], () =>
      measure(this.load, settings),
    );
  }

  toCells(): string[] {
    const { probeP50Ms, probeP99Ms, eventLoopDelayP99Ms, requestsPerSecond } = this;
    return [
      `${this.model}, ${this.load.name}`,
      ...[probeP50Ms, probeP99Ms, eventLoopDelayP99Ms].map((rounds) =>
        rounds.format((ms) => figure(ms, 'ms')),
      ),
      figure(requestsPerSecond.median),
    ];
  }
}

/** The p50 and p99 of the probes, the p99 of the event loop's delay, all in ms, and requests per second. */
async function measure(
  load: Saturation['load'],
  settings: Readonly<Record<string, string>>,
): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'vital-signs');
  try {
    return await withContender(serviceWithVitalSigns(file, settings), BOTH_CORES, async (running) => {
      await readVitalSigns(running.pid, file); // Forgets the start.
      const [{ requestsPerSecond }, probes] = await Promise.all([
        loadByWrk(running, { ...load, seconds: saturationSeconds }),
        openLoop(running.url, {
          request: { method: 'GET', path: '/health/live' },
          outcomeOf: ({ status }) => (status === 200 ? 'right' : undefined),
          requestsPerSecond: probesPerSecond,
          seconds: saturationSeconds,
          connections: PROBE_CONNECTIONS,
        }),
      ]);
      const { eventLoopDelayP99Ms } = await readVitalSigns(running.pid, file);
      const { p50Ms = NaN, p99Ms = NaN } = probes.latency.get('right') ?? {};
      return [p50Ms, p99Ms, eventLoopDelayP99Ms, requestsPerSecond];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
