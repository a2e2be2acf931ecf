import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboard, type Panel, substitute } from '../../test/support/dashboard.js';
import { Prometheus } from '../../test/support/prometheus.js';
import { withContender } from '../contender.js';
import { BOTH_CORES } from '../cores.js';
import { serviceWith } from '../line-up.js';
import { ROOT } from '../paths.js';
import { drawPage, type DrawnPanel, type Line } from './draw.js';
import { sendDay } from './traffic.js';

/** Those of the dashboard that the picture shows, in its order. */
const TITLES = [
  'Requests per second',
  'Problems per second',
  'Time to the end of the answer',
  'Wait for a forward pass',
  'Event loop busy',
  'Rows of a forward pass',
  'Customers scored per second',
  'Scores up to a probability, and those of the training rows',
  'Memory',
];

const STEP_SECONDS = 2;
const RATE_RANGE = '10s';

async function main(): Promise<void> {
  const service = serviceWith({ WORKERS: '2', MAX_CONNECTIONS: '64' });
  await withContender(service, BOTH_CORES, async (running) => {
    const prometheus = await Prometheus.start({ targets: [new URL(running.url).host], interval: '1s' });
    try {
      const start = Date.now() / 1000;
      await sendDay(running.url);
      const end = Date.now() / 1000;
      const panels = await Promise.all(
        TITLES.map((title) => query(prometheus, panelOf(title), { start, end, step: STEP_SECONDS })),
      );
      writeFileSync(join(ROOT, 'docs/images/dashboard.svg'), drawPage(panels));
    } finally {
      await prometheus.stop();
    }
  });
}

function panelOf(title: string): Panel {
  const panel = dashboard.panels.find((candidate) => candidate.title === title);
  if (panel === undefined) {
    throw new Error(`The dashboard has no panel "${title}".`);
  }
  return panel;
}

async function query(
  prometheus: Prometheus,
  { title, type, targets = [], fieldConfig }: Panel,
  range: { start: number; end: number; step: number },
): Promise<DrawnPanel> {
  const wholeRange = `${Math.round(range.end - range.start)}s`;
  const isDistribution = type === 'barchart';
  const lines = await Promise.all(
    targets.map(async ({ expr, legendFormat }): Promise<Line[]> => {
      if (isDistribution) {
        const samples = await prometheus.query(substitute(expr, wholeRange));
        const bins = samples.map(({ metric, value }) => [Number(metric['le']), Number(value[1])] as const);
        return [
          {
            name: legendFormat,
            points: bins.filter(([le]) => Number.isFinite(le)).sort(([a], [b]) => a - b),
          },
        ];
      }
      const series = await prometheus.queryRange(substitute(expr, RATE_RANGE), range);
      return series.map(({ metric, values }) => ({
        name: legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
        points: values.map(([seconds, value]) => [seconds - range.start, Number(value)] as const),
      }));
    }),
  );
  return { title, unit: fieldConfig?.defaults.unit ?? 'none', isDistribution, lines: lines.flat() };
}

await main();
