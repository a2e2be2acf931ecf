import { checkedAnswer } from '../answer-check.js';
import { type Contender, type RunningContender, withContender } from '../contender.js';
import { SERVICE_CORE } from '../cores.js';
import { BARE_ONNX, SERVICE } from '../line-up.js';
import { openLoop as runOpenLoop, type OpenLoopResult } from '../open-loop.js';
import { FASTAPI, INSTALLED_PEERS } from '../peers.js';
import { PLAN } from '../plan.js';
import { figure, type Report, times } from '../report.js';
import { SINGLE } from '../requests.js';
import { measureRound, Rounds } from '../rounds.js';
import { warmUp } from '../warm-up.js';
import { loadByWrk } from '../wrk.js';

const { rounds, warmUpSeconds, peakSeconds, seconds } = PLAN.openLoop;
const CONNECTIONS = 32;
const SHARES = [0.5, 0.8] as const;

const TEXT = `Single predictions arrive at a constant rate, whether or not the earlier ones are answered. Latency counts
from the moment at which a request was due, so that waiting for a slow answer is not left out (coordinated omission).
Peak is the closed loop's rate at 32 connections, measured in the same process just before. The generator's lateness is
how long after a request was due it turned to it: no latency is known better than that. Medians of ${rounds} rounds of
${seconds} s; each answer's status and text are checked.`;

class Line {
  readonly ratePerSecond = new Rounds();
  readonly p50Ms = new Rounds();
  readonly p99Ms = new Rounds();
  readonly p999Ms = new Rounds();
  readonly latenessP50Ms = new Rounds();
  readonly latenessP99Ms = new Rounds();
  readonly p99OverP50 = new Rounds();

  constructor(
    readonly contender: Contender,
    readonly share: number,
  ) {}

  private get all(): Rounds[] {
    const { ratePerSecond, p50Ms, p99Ms, p999Ms, p99OverP50, latenessP50Ms, latenessP99Ms } = this;
    return [ratePerSecond, p50Ms, p99Ms, p999Ms, p99OverP50, latenessP50Ms, latenessP99Ms];
  }

  async measure(running: RunningContender): Promise<void> {
    await measureRound(this.all, async () => {
      const peak = await loadByWrk(running, {
        request: SINGLE,
        connections: CONNECTIONS,
        seconds: peakSeconds,
      });
      const requestsPerSecond = this.share * peak.requestsPerSecond;
      const { latency, lateness } = await singlesAtRate(running, requestsPerSecond);
      const { p50Ms = NaN, p99Ms = NaN, p999Ms = NaN } = latency.get('right') ?? {};
      return [requestsPerSecond, p50Ms, p99Ms, p999Ms, p99Ms / p50Ms, lateness.p50Ms, lateness.p99Ms];
    });
  }

  toCells(): string[] {
    const { p50Ms, p99Ms, p999Ms, latenessP50Ms, latenessP99Ms, p99OverP50 } = this;
    return [
      `${this.contender.name}, ${this.share * 100} % of peak`,
      figure(this.ratePerSecond.median),
      ...[p50Ms, p99Ms, p999Ms].map((rounds) => rounds.format((ms) => figure(ms, 'ms'))),
      times(p99OverP50.median),
      `${figure(latenessP50Ms.median, 'ms')}, ${figure(latenessP99Ms.median, 'ms')}`,
    ];
  }
}

/** Latency at arrival rates that do not follow the answers. */
export async function openLoop(): Promise<Report> {
  const contenders = [SERVICE, BARE_ONNX, ...INSTALLED_PEERS.filter(({ name }) => name === FASTAPI.name)];
  const lines = contenders.flatMap((contender) => SHARES.map((share) => new Line(contender, share)));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      await withContender(contender, SERVICE_CORE, async (running) => {
        await warmUp(running, warmUpSeconds);
        for (const line of lines.filter((line) => line.contender === contender)) {
          await line.measure(running);
        }
      });
    }
  }
  const goal = lines.find(({ contender, share }) => contender === SERVICE && share === 0.8);
  return {
    title: 'Open loop',
    text: TEXT,
    tables: [
      [
        [
          'Contender',
          'Requests/s',
          'p50',
          'p99',
          'p99.9',
          'p99 over p50',
          "generator's lateness, p50 and p99",
        ],
        ...lines.map((line) => line.toCells()),
      ],
    ],
    figures: { openLoopP99OverP50: goal?.p99OverP50.median },
  };
}

async function singlesAtRate(running: RunningContender, requestsPerSecond: number): Promise<OpenLoopResult> {
  const expected = await checkedAnswer(running, SINGLE);
  return runOpenLoop(running.url, {
    request: { method: 'POST', path: SINGLE.path, body: SINGLE.body },
    outcomeOf: ({ status, body }) => (status === 200 && body === expected ? 'right' : undefined),
    requestsPerSecond,
    seconds,
    connections: CONNECTIONS,
  });
}
