import { type Contender, SERVICE, serviceWith } from '../contenders.js';
import { heavySettings } from '../heavy-model.js';
import { closedLoop } from '../load.js';
import { planned, ROUNDS } from '../plan.js';
import { toRows, type Workload } from '../rows.js';
import { inTurn, SERVICE_CORE } from '../running-contender.js';
import { BUNDLED } from '../subject.js';

const SECONDS = planned(8);
const CONNECTIONS = 32;

/** What a candidate costs the served model. */
export const candidate: Workload = {
  name: 'candidate',
  title: 'A candidate beside the served model',
  text: `Single predictions of the bundled model at ${CONNECTIONS} connections, as fast as they are answered. A candidate scores all
of them, or a tenth (SHADOW_SAMPLE): the same model, or heavy_row, which takes about 10 ms a row. Both share one core. Memory
is that of all processes. Medians of ${ROUNDS} interleaved rounds of ${SECONDS} s.`,
  async *measure() {
    const { MODEL_PATH: heavy } = heavySettings('heavy_row');
    const paths = [BUNDLED.modelPath, heavy];
    const candidates = paths.flatMap((path) => ['1', '0.1'].map((sample) => beside(path, sample)));
    for await (const running of inTurn([SERVICE, ...candidates], SERVICE_CORE)) {
      const { SHADOW_MODEL_PATH: path = 'none', SHADOW_SAMPLE: sample } = running.contender.environment ?? {};
      const load = { request: BUNDLED.single, connections: CONNECTIONS, seconds: SECONDS };
      await closedLoop(running, { ...load, seconds: 2 });
      const { perSecond } = await closedLoop(running, load);
      yield* toRows(`candidate: ${sample === undefined ? path : `${path}, ${sample}`}`, SERVICE.name, {
        'requests/s': perSecond,
        'RSS (MiB)': running.residentMiB,
      });
    }
  },
};

function beside(SHADOW_MODEL_PATH: string, SHADOW_SAMPLE: string): Contender {
  return serviceWith({ SHADOW_MODEL_PATH, SHADOW_SAMPLE, ALLOW_UNVERIFIED_MODEL: 'true' });
}
