import { figure } from '../report.js';
import { EARLY, LATE, type Verdict } from './flatness.js';
import type { Sample } from './recorder.js';

const COLUMNS = 2;
const PANEL = { width: 440, height: 150 };
const MARGIN = { left: 56, top: 34, right: 16, bottom: 26 };
const PLOT = {
  width: PANEL.width - MARGIN.left - MARGIN.right,
  height: PANEL.height - MARGIN.top - MARGIN.bottom,
};

// A page that shows the picture decides its colours by the reader's own preference.
const STYLE = `
  .page { fill: #ffffff } text { font: 11px sans-serif; fill: #57606a } .title { font-weight: bold; fill: #1f2328 }
  .grid { stroke: #d0d7de } .fifth { fill: #eaeef2 }
  .line { fill: none; stroke: #0969da; stroke-width: 1.2 } .median { stroke: #cf222e; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } text { fill: #9198a1 } .title { fill: #f0f6fc }
    .grid { stroke: #3d444d } .fifth { fill: #1c2128 }
    .line { stroke: #4493f8 } .median { stroke: #ff7b72 }
  }`;

/** Higher peaks are cut off: a second in which something else had the processor would flatten all others. */
const MOST_OVER_MEDIAN = 4;

/** An SVG with one panel a figure: its course, the fifths of the run that are compared, and their medians. */
export function plot(samples: readonly Sample[], verdicts: readonly Verdict[]): string {
  const width = COLUMNS * PANEL.width;
  const height = Math.ceil(verdicts.length / COLUMNS) * PANEL.height;
  const panels = verdicts.map((verdict, index) => {
    const x = (index % COLUMNS) * PANEL.width + MARGIN.left;
    const y = Math.floor(index / COLUMNS) * PANEL.height + MARGIN.top;
    return `<g transform="translate(${x} ${y})">\n${panel(samples, verdict)}\n</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>The service's memory, handles, delay and throughput during the soak</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panel(samples: readonly Sample[], { vital, early, late }: Verdict): string {
  const seconds = samples.at(-1)?.atSeconds ?? 0;
  const values = samples.map(vital.of);
  const top = roundUp(Math.min(Math.max(...values.filter(Number.isFinite)), MOST_OVER_MEDIAN * late));
  const x = (second: number): string => ((second / seconds) * PLOT.width).toFixed(1);
  const y = (value: number): string => (PLOT.height * (1 - value / top)).toFixed(1);
  const points = samples
    .map(({ atSeconds }, index) => ({ atSeconds, value: values[index] ?? NaN }))
    .filter(({ value }) => Number.isFinite(value))
    .map(({ atSeconds, value }) => `${x(atSeconds)},${y(value)}`);
  const fifth = ([from, to]: readonly [number, number]): string =>
    `<rect class="fifth" x="${x(from * seconds)}" width="${x((to - from) * seconds)}" height="${PLOT.height}"/>`;
  const medianLine = ([from, to]: readonly [number, number], median: number): string =>
    `<line class="median" x1="${x(from * seconds)}" x2="${x(to * seconds)}" y1="${y(median)}" y2="${y(median)}"/>`;
  const label = (text: string, atX: number | string, atY: number | string, anchor: string): string =>
    `<text x="${atX}" y="${atY}" text-anchor="${anchor}">${text}</text>`;
  return [
    `<text class="title" y="-12">${vital.name}${vital.unit === '' ? '' : ` (${vital.unit})`}</text>`,
    fifth(EARLY),
    fifth(LATE),
    ...[0, top / 2, top].map(
      (value) =>
        `<line class="grid" x2="${PLOT.width}" y1="${y(value)}" y2="${y(value)}"/>` +
        label(figure(value), -6, Number(y(value)) + 4, 'end'),
    ),
    `<svg width="${PLOT.width}" height="${PLOT.height}"><polyline class="line" points="${points.join(' ')}"/></svg>`,
    medianLine(EARLY, early),
    medianLine(LATE, late),
    label('0', 0, PLOT.height + 16, 'start'),
    label(`${figure(seconds)} s`, PLOT.width, PLOT.height + 16, 'end'),
  ].join('\n');
}

/** To a number with one significant figure, or to its half. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return (Math.ceil((2 * value) / unit) / 2) * unit;
}
