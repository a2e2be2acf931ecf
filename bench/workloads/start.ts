import { withContender } from '../contender.js';
import { SERVICE_CORE } from '../cores.js';
import { Grid } from '../grid.js';
import { EMPTY_NEST, SERVICE } from '../line-up.js';
import { PLAN } from '../plan.js';
import { figure, type Report, times } from '../report.js';
import { ratio } from '../rounds.js';

const CASE = 'start of the process to its first answered prediction';

/** How long a start takes. */
export async function start(): Promise<Report> {
  const grid = new Grid();
  for (let round = 0; round < PLAN.start.rounds; round++) {
    for (const contender of [SERVICE, EMPTY_NEST]) {
      await withContender(contender, SERVICE_CORE, (running) => {
        grid.cell(contender.name, CASE).add(running.startMs);
        return Promise.resolve();
      });
    }
  }
  const over = ratio(grid.cell(SERVICE.name, CASE).median, grid.cell(EMPTY_NEST.name, CASE).median);
  return {
    title: 'Start to ready',
    text: `Medians of ${PLAN.start.rounds} interleaved starts on one core. This service over the empty one: ${times(over)}.`,
    tables: [grid.toTable('', (median) => figure(median, 'ms'))],
    figures: { startOverEmptyNest: over },
  };
}
