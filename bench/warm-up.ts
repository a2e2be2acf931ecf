import type { RunningContender } from './contender.js';
import { batchOf, SINGLE } from './requests.js';
import { measureRound } from './rounds.js';
import { loadByWrk } from './wrk.js';

/** Has the code compiled before it is measured. Wrong answers have no consequence yet: the measurement meets them again. */
export async function warmUp(running: RunningContender, seconds: number): Promise<void> {
  await measureRound([], async () => {
    await loadByWrk(running, { request: SINGLE, connections: 32, seconds });
    await loadByWrk(running, { request: batchOf(100), connections: 8, seconds });
    return [];
  });
}
