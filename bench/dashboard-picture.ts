import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dashboard, substitute, type Target } from '../test/support/dashboard.js';
import { post } from '../test/support/http.js';
import { Prometheus } from '../test/support/prometheus.js';
import { drawPage, type Line, type Panel } from './charts.js';
import { serviceWith } from './contenders.js';
import { BOTH_CORES, RunningContender } from './running-contender.js';
import { BUNDLED } from './subject.js';

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

/** A day, shortened: its load rises and falls, and at its peak there is more than the service takes. */
const DAY_SECONDS = 150;
const MOST_CALLERS = 24;
const PEAK = { fromSecond: 70, toSecond: 85, callers: 160 };
const PAUSE_MS = 5;
const BATCH = BUNDLED.batchOf(20);

type Range = Parameters<Prometheus['queryRange']>[1];

/** Resolves when the day is over. Every caller has habits: one in four sends batches, one in twelve makes mistakes. */
async function sendDay(url: string): Promise<void> {
  const startedAtMs = performance.now();
  const second = (): number => (performance.now() - startedAtMs) / 1000;
  const call = async (caller: number): Promise<void> => {
    while (second() < DAY_SECONDS) {
      const isCalling = caller < callersAt(second());
      if (isCalling) {
        const single = BUNDLED.singles[Math.floor(BUNDLED.singles.length * Math.random())] ?? BATCH;
        const { path, body } = caller % 4 === 1 ? BATCH : single;
        await post(url + path, caller % 12 === 5 ? body.replace('"tenure_months":', '$&-1') : body);
      }
      await sleep(isCalling ? PAUSE_MS : 500);
    }
  };
  await Promise.all(Array.from({ length: PEAK.callers }, (_, caller) => call(caller)));
}

function callersAt(second: number): number {
  const isPeak = second >= PEAK.fromSecond && second < PEAK.toSecond;
  return isPeak ? PEAK.callers : MOST_CALLERS * Math.sin((Math.PI * second) / DAY_SECONDS) ** 2;
}

async function query(prometheus: Prometheus, title: string, range: Range): Promise<Panel> {
  const panel = dashboard.panels.find((candidate) => candidate.title === title);
  if (panel === undefined) {
    throw new Error(`The dashboard has no panel "${title}".`);
  }
  const { type, targets = [], fieldConfig } = panel;
  const isDistribution = type === 'barchart';
  const queryLines = isDistribution ? queryDistribution : querySeries;
  const lines = await Promise.all(targets.map((target) => queryLines(prometheus, target, range)));
  return {
    title,
    kind: isDistribution ? 'bar' : 'line',
    lines: lines.flat(),
    xMax: isDistribution ? 1 : range.end - range.start,
    xLabel: (value) => (isDistribution ? `≤ ${value}` : `${value} s`),
    yLabel: IN_UNIT[fieldConfig?.defaults.unit ?? ''] ?? String,
  };
}

async function queryDistribution(
  prometheus: Prometheus,
  { expr, legendFormat }: Target,
  { start, end }: Range,
): Promise<Line[]> {
  const samples = await prometheus.query(substitute(expr, `${Math.round(end - start)}s`));
  const bins = samples.map(({ metric, value }) => [Number(metric['le']), Number(value[1])] as const);
  const points = bins.filter(([le]) => Number.isFinite(le)).sort(([a], [b]) => a - b);
  return [{ name: legendFormat, points }];
}

async function querySeries(prometheus: Prometheus, target: Target, range: Range): Promise<Line[]> {
  const series = await prometheus.queryRange(substitute(target.expr, RATE_RANGE), range);
  return series.map(({ metric, values }) => ({
    name: target.legendFormat.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
    points: values.map(([seconds, value]) => [seconds - range.start, Number(value)] as const),
  }));
}

const IN_UNIT: Readonly<Record<string, (value: number) => string>> = {
  s: (value) => `${Number((value * 1000).toPrecision(3))} ms`,
  percentunit: (value) => `${Math.round(value * 100)} %`,
  bytes: (value) => `${Math.round(value / 2 ** 20)} MiB`,
};

const service = serviceWith({ WORKERS: '2', MAX_CONNECTIONS: '64' });
await using running = await RunningContender.start(service, BOTH_CORES);
const prometheus = await Prometheus.start({ targets: [new URL(running.url).host], interval: '1s' });
try {
  const start = Date.now() / 1000;
  await sendDay(running.url);
  const range = { start, end: Date.now() / 1000, step: STEP_SECONDS };
  const panels = await Promise.all(TITLES.map((title) => query(prometheus, title, range)));
  writeFileSync('docs/images/dashboard.svg', drawPage('The main panels of the dashboard', 3, panels));
} finally {
  await prometheus.stop();
}
