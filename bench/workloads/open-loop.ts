import { checkedAnswer } from '../answer-check.js';
import { BARE_ONNX, FASTAPI, PEERS_INSTALLED, SERVICE } from '../contenders.js';
import { SERVICE_CORE } from '../cores.js';
import { openLoop as sendAtRate } from '../open-loop.js';
import { PLAN } from '../plan.js';
import { SINGLE } from '../requests.js';
import { measured, type Values, type Workload } from '../rows.js';
import { RunningContender } from '../running-contender.js';
import { loadByWrk, warmUp } from '../wrk.js';

const { rounds, warmUpSeconds, peakSeconds, seconds } = PLAN.openLoop;
const CONNECTIONS = 32;

export const SHARE_80 = '80 % of peak';
const SHARES = [
  ['50 % of peak', 0.5],
  [SHARE_80, 0.8],
] as const;

/** Latency at arrival rates that do not follow the answers. */
export const openLoop: Workload = {
  name: 'open-loop',
  title: 'Open loop',
  text: `Single predictions arrive at a constant rate, whether or not the earlier ones are answered. Latency counts
from the moment at which a request was due, so that waiting for a slow answer is not left out (coordinated omission).
Peak is the closed loop's rate at ${CONNECTIONS} connections, measured in the same process just before. The generator's
lateness is how long after a request was due it turned to it: no latency is known better than that. Medians of ${rounds}
rounds of ${seconds} s; each answer's status and text are checked.`,
  async *measure() {
    const contenders = [SERVICE, BARE_ONNX, ...PEERS_INSTALLED.filter((peer) => peer === FASTAPI)];
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        await using running = await RunningContender.start(contender, SERVICE_CORE);
        await warmUp(running, warmUpSeconds);
        for (const [name, share] of SHARES) {
          yield* await measured(name, contender.name, () => measureAt(running, share));
        }
      }
    }
  },
};

async function measureAt(running: RunningContender, share: number): Promise<Values> {
  const peak = await loadByWrk(running, {
    request: SINGLE,
    connections: CONNECTIONS,
    seconds: peakSeconds,
  });
  const expected = await checkedAnswer(running, SINGLE);
  const requestsPerSecond = share * peak.requestsPerSecond;
  const { latency, lateness } = await sendAtRate(running.url, {
    request: SINGLE,
    isRight: ({ status, body }) => status === 200 && body === expected,
    requestsPerSecond,
    seconds,
    connections: CONNECTIONS,
  });
  const { p50Ms, p99Ms, p999Ms } = latency(200);
  return {
    'offered requests/s': requestsPerSecond,
    'p50 (ms)': p50Ms,
    'p99 (ms)': p99Ms,
    'p99.9 (ms)': p999Ms,
    'p99 over p50 (x)': p99Ms / p50Ms,
    'lateness p50 (ms)': lateness.p50Ms,
    'lateness p99 (ms)': lateness.p99Ms,
  };
}
